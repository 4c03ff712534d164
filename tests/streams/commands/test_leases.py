from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sinks.vsphere.aim import ByName
from streams.commands.arguments import Leased
from streams.commands.facts import Facts
from streams.commands.leases import notice, reply
from streams.commands.parse import Command, parse

if TYPE_CHECKING:
    from streams.commands.wording import Step


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


FACTS = Facts(verb="lease-end", id="0" * 16, vm="web", vcenter="vc1", until="T", changes=())


def test_what_was_done_is_told_as_its_stage_even_where_nothing_had_to_be_changed() -> None:
    ended, away = reply("succeeded", FACTS), reply("succeeded", replace(FACTS, verb="lease-quarantine"))
    assert ended == notice("ended", vm="web", vcenter="vc1", until="T")
    assert away == notice("quarantined", vm="web", vcenter="vc1", until="T")


@pytest.mark.parametrize("step", ["refused", "failed"])
@pytest.mark.parametrize(("verb", "what"), [("lease-end", "powered off"), ("lease-quarantine", "put into quarantine")])
def test_what_was_not_done_is_told_with_the_reason_and_the_way_out(step: Step, verb: str, what: str) -> None:
    told = reply(step, replace(FACTS, verb=verb, reason="it has snapshots", rule="allow"))
    assert told is not None
    assert f"VM web in vc1: its lease has ended, and it is not {what}: it has snapshots (allow)." in told.text
    assert "lease" in told.code


def test_all_else_is_told_as_of_any_command() -> None:
    assert (None, None) == (reply("parked", FACTS), reply("succeeded", replace(FACTS, verb="poweroff")))
