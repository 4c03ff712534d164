"""Story (d): an alarm of a machine's CPUs turns red, and it has one more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ops.demo.crisis import machines
from ops.demo.crisis.configuration import CPU, GROW
from ops.demo.crisis.tale import row, told

if TYPE_CHECKING:
    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = f'the alarm "{CPU}" of a machine turns red; it is given one CPU more while it runs'


def play(crisis: Crisis) -> Tale:
    """Turn the alarm red, and wait for the end of what follows."""
    machine = crisis.machines["grown"]
    before = machines.cpus(machine)
    crisis.report(f'(d) "{CPU}" of {machine.name} turns red')
    at = crisis.alarm(CPU, machine)
    deed, after = crisis.end(GROW, machine), machines.cpus(machine)
    effect = f"{machine.name}: {before} → {after} CPUs"
    true = after == before + 1
    return told("d", TITLE, row("CPU alarm", deed, at, effect, decided="approved", outcome="succeeded", true=true))
