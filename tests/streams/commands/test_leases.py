from __future__ import annotations

from sinks.vsphere.aim import ByName
from streams.commands.arguments import Leased
from streams.commands.leases import notice
from streams.commands.parse import Command, parse


def test_the_way_to_a_longer_lease_is_a_command() -> None:
    told = notice("ending", vm="web 01", vcenter="vc1", until="2027-01-15T08:00:00Z")
    assert "VM web 01 in vc1: its lease ends 2027-01-15T08:00:00Z." in told.text
    assert Command("lease", Leased(ByName("web 01", "vc1"), 14 * 86_400)) == parse(told.code, ("vc1",))


def test_each_stage_says_what_comes_next() -> None:
    told = [notice(stage, vm="web", vcenter="vc1", until="T").text for stage in ("ending", "ended", "quarantined")]
    assert [True, True, True] == [
        "powered off then" in told[0],
        "quarantine follows T" in told[1],
        "deleted from T on" in told[2],
    ]
