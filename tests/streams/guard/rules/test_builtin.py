from __future__ import annotations

from typing import Any

import pytest

from streams.guard.rules import builtin
from tests.streams.guard.asking import entity, question, request


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"template": True}, "is a template"),
        ({"managed_by": "com.vmware.vcDr"}, "is managed by com.vmware.vcDr"),
        ({"name": "vCLS-4c4c4544-0042"}, "Cluster Services"),
        ({"name": "VCLS-4c4c4544-0042"}, "Cluster Services"),
        ({"name": "vCLS (3)"}, "Cluster Services"),
        ({"product": "VMware vCenter Server Appliance"}, "an appliance of vSphere"),
        ({"product": "NSX Unified Appliance"}, "an appliance of vSphere"),
        ({"tags": ("env/prod", "Reflexarc/Protected")}, "is tagged reflexarc/protected"),
        ({"tags": None}, "may be tagged reflexarc/protected"),
    ],
)
def test_what_the_house_lives_on_is_refused(said: dict[str, Any], reason: str) -> None:
    assert reason in (builtin.check(question(request(on=entity(**said)))) or "")


@pytest.mark.parametrize("said", [{}, {"tags": ()}, {"product": "WordPress"}, {"name": "vclsx-1"}, {"managed_by": ""}])
def test_other_machines_pass(said: dict[str, Any]) -> None:
    assert builtin.check(question(request(on=entity(**said)))) is None
