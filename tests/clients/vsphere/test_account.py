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
