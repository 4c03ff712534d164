"""Story (e): an alarm of a machine's storage turns red, and its files are on another datastore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ops.demo.crisis import machines
from ops.demo.crisis.configuration import MOVE, STORAGE
from ops.demo.crisis.tale import row, told

if TYPE_CHECKING:
    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = f'the alarm "{STORAGE}" of a machine turns red; its files are moved to another datastore'


def play(crisis: Crisis) -> Tale:
    """Turn the alarm red, and wait for the end of what follows."""
    machine = crisis.machines["moved"]
    before = machines.datastores(machine)
    crisis.report(f'(e) "{STORAGE}" of {machine.name} turns red')
    at = crisis.alarm(STORAGE, machine)
    deed, after = crisis.end(MOVE, machine), machines.datastores(machine)
    effect = f"{machine.name}: {before} → {after}"
    true = after != before
    return told("e", TITLE, row("storage alarm", deed, at, effect, decided="approved", outcome="succeeded", true=true))
