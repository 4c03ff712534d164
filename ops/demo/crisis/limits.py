"""Story (g): what is not done, and what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ops.demo import simulators
from ops.demo.crisis import machines
from ops.demo.crisis.configuration import CPU, GROW, HEARTBEAT, RESET
from ops.demo.crisis.tale import Row, row, told
from ops.remediation import switch
from ops.remediation.answers import answer
from ops.remediation.parked import Parked

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = "limits hold: cool-down, deny list, a person's approval, the kill switch"
PERSON: Final = "cli/second-operator"
ANSWER_WITHIN: Final = 30.0


def play(crisis: Crisis) -> Tale:
    """One request after the other that is not simply done."""
    grown = crisis.machines["grown"]
    crisis.report(f'(g) "{CPU}" of {grown.name} turns red a second time')
    crisis.calm(CPU, grown)
    again = _refused(crisis, "the same alarm again", grown, "cool-down", number=1)
    crisis.report(f'(g) "{CPU}" of {crisis.machines["denied"].name}, which deny names, turns red')
    denied = _refused(crisis, "a machine in deny", crisis.machines["denied"], "deny")
    approved = _approved(crisis, crisis.machines["reset"])
    crisis.report("(g) the kill switch is pulled")
    switch.pause(crisis.config.kafka, actor=PERSON, reason="the demo pulls it", within=ANSWER_WITHIN)
    try:
        paused = _refused(crisis, "with the kill switch pulled", crisis.machines["paused"], "pause")
    finally:
        switch.resume(crisis.config.kafka, actor=PERSON, reason="the demo goes on")
    return told("g", TITLE, again, denied, approved, paused)


def _refused(crisis: Crisis, what: str, machine: Target, rule: str, *, number: int = 0) -> Row:
    before = machines.cpus(machine)
    at = crisis.alarm(CPU, machine)
    deed, after = crisis.end(GROW, machine, number), machines.cpus(machine)
    effect = f"{machine.name}: {after} CPUs, as before" if after == before else f"{machine.name}: {before} → {after}"
    return row(what, deed, at, effect, decided=f"refused by {rule}", outcome="-", true=after == before)


def _approved(crisis: Crisis, machine: Target) -> Row:
    """Have a hard reset parked, then approved by somebody else than who asked."""
    what = "a hard reset"
    before = simulators.newest_key(machine.session)
    crisis.report(f'(g) "{HEARTBEAT}" of {machine.name} turns red; a hard reset waits for a person')
    at = crisis.alarm(HEARTBEAT, machine)
    if crisis.wait_for(lambda: (deed := crisis.deed(RESET, machine)) is not None and "parked" in deed.steps) is None:
        return Row(what, "nothing", "-", "none", None, (f"{what}: was not parked in time",))
    early = machines.counted(machine, machines.POWER_OFFS, before)
    deed = crisis.deed(RESET, machine)
    waiting = [each for each in Parked(crisis.config.kafka).decisions.values() if deed and each.id == deed.id]
    crisis.report(f"(g) {PERSON} approves it")
    answer(crisis.config, waiting, approve=True, person=PERSON, reason="seen", within=ANSWER_WITHIN)
    deed = crisis.end(RESET, machine)
    resets = machines.counted(machine, machines.POWER_OFFS, before)
    effect = f"{machine.name}: reset {resets} time{'' if resets == 1 else 's'}"
    decided, true = f"parked, approved by {PERSON}", (early, resets) == (0, 1)
    return row(what, deed, at, effect, decided=decided, outcome="succeeded", true=true)
