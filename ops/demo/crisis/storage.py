"""Story (e): alarms of storage turn red: a machine's files are on another datastore, machines have left a full one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.vsphere.target import find
from ops.demo.crisis import machines
from ops.demo.crisis.configuration import ELSEWHERE, MOVE, RELIEVE, STORAGE, USAGE
from ops.demo.crisis.tale import Row, row, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = (
    f'the alarm "{STORAGE}" of a machine turns red; its files are moved to another datastore. '
    f'"{USAGE}" turns red; as few machines as make room leave that datastore'
)

LEAVE: Final = 2
"""Machines that have to."""


def play(crisis: Crisis) -> Tale:
    """Turn one alarm red after the other, and wait for the end of what follows."""
    return told("e", TITLE, _machine(crisis), *_datastore(crisis))


def _machine(crisis: Crisis) -> Row:
    machine = crisis.machines["moved"]
    before = machines.datastores(machine)
    crisis.report(f'(e) "{STORAGE}" of {machine.name} turns red')
    at = crisis.alarm(STORAGE, machine)
    deed, after = crisis.end(MOVE, machine), machines.datastores(machine)
    effect = f"{machine.name}: {before} → {after}"
    return row("storage alarm", deed, at, effect, decided="approved", outcome="succeeded", true=after != before)


def _datastore(crisis: Crisis) -> Iterator[Row]:
    store = crisis.store
    crisis.report(f'(e) "{USAGE}" of {store.name} turns red; {LEAVE} machines have to leave it')
    at = crisis.alarm(USAGE, store)
    deeds = crisis.ends(RELIEVE, LEAVE)
    for number in range(max(LEAVE, len(deeds))):
        deed = deeds[number] if number < len(deeds) else None
        name = deed.entity.partition("/")[2] if deed else ""
        after = machines.datastores(find([store.session], name)) if deed else store.name
        effect = f"{name or 'a machine'}: {store.name} → {after}"
        true = after == ELSEWHERE and number < LEAVE
        what = f"datastore alarm, machine {number + 1}"
        yield row(what, deed, at, effect, decided="approved", outcome="succeeded", true=true)
