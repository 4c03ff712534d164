from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sinks.vsphere.actions import ACTIONS
from streams.guard import action

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDING = {
    "destroy", "power-off", "hard-reset", "enter-maintenance", "preempt", "snapshot-retention", "dvs-mtu",
    "disable-alarm-actions", "migrate", "purge",
}  # fmt: skip


def those(names: Iterable[str], trait: str) -> set[str]:
    return {name for name in names if getattr(action.traits(name), trait)}


def test_a_person_agrees_to_what_is_hard_to_take_back() -> None:
    assert NEEDING == those(ACTIONS, "approval")


def test_an_undo_that_does_what_a_person_agrees_to_is_agreed_to() -> None:
    assert {"clone", "create", "dvs-mtu", "migrate", "power-on"} == those(ACTIONS, "undo_approval")


def test_only_a_quarantine_is_urgent() -> None:
    assert {"disconnect-vnic"} == those(ACTIONS, "urgent")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("power-on", "VirtualMachine"), ("enter-maintenance", "HostSystem"), ("exit-maintenance", "HostSystem")],
)
def test_each_has_its_kind(name: str, kind: str) -> None:
    assert kind == action.traits(name).kind


def test_what_the_table_of_actions_says_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of actions that this file has never heard of."""

    class Entry:
        kind = "Datastore"
        approval = True
        undo_approval = False
        urgent = True

    monkeypatch.setitem(ACTIONS, "empty", Entry())
    assert ("Datastore", True, False, True) == action.traits("empty")


def test_an_action_that_nobody_knows_needs_nothing_of_its_own() -> None:
    """It is refused before anybody asks: its sink cannot be configured."""
    assert action.Traits() == action.traits("format-everything")
