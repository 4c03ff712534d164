from __future__ import annotations

import pytest

from clients.vsphere.account import Account

URL = "https://VC1.example.org:8443/sdk"


@pytest.mark.parametrize(
    ("username", "account"),
    [
        ("reader@vsphere.local", ("reader", "vsphere.local")),
        ("Reader@VSPHERE.LOCAL", ("reader", "vsphere.local")),
        ("a@b@vsphere.local", ("a@b", "vsphere.local")),
        ("EXAMPLE\\reader", ("reader", "example")),
        ("EXAMPLE\\a@b", ("a@b", "example")),
        ("reader", ("reader", "vc1.example.org:8443")),
    ],
)
def test_a_name_belongs_to_its_domain_or_to_the_server(username: str, account: tuple[str, str]) -> None:
    assert account == Account.of(username, URL)


@pytest.mark.parametrize(
    ("configured", "told", "expected"),
    [
        ("reader@corp.example", "CORP\\Reader", True),
        ("reader@corp.example", "reader@CORP.example", True),
        ("reader@corp.example", "reader", True),
        ("reader", "VSPHERE.LOCAL\\reader", True),
        ("reader", "READER", True),
        ("reader@corp.example", "OTHER\\reader", False),
        ("reader", "VSPHERE.LOCAL\\anna", False),
        ("reader@corp.example", "anna", False),
    ],
)
def test_a_name_without_a_domain_may_be_of_any(configured: str, told: str, *, expected: bool) -> None:
    """Only the vCenter knows its default domain; an event of ours that is taken for another's begins a loop."""
    assert expected is Account.of(configured, URL).is_called(told, URL)
