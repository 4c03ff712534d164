"""Story (h): the worker that acts is killed while the vCenter works, and started again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ops.demo import simulators
from ops.demo.crisis import machines
from ops.demo.crisis.configuration import CPU, GROW
from ops.demo.crisis.tale import row, told

if TYPE_CHECKING:
    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = "the worker that acts is killed with SIGKILL while the vCenter works; the machine is changed once"


def play(crisis: Crisis) -> Tale:
    """Turn an alarm red, kill when the task runs, and count what the vCenter has done."""
    what, machine = "killed while it acts", crisis.machines["survivor"]
    before, newest = machines.cpus(machine), simulators.newest_key(machine.session)
    crisis.report(f'(h) "{CPU}" of {machine.name} in {machine.session.name} turns red')
    at = crisis.alarm(CPU, machine)
    running = crisis.wait_for(lambda: machines.is_busy(machine))
    crisis.execute.kill()
    in_time = running is not None and machines.cpus(machine) == before
    crisis.report("(h) killed the worker while its task runs, starting it again")
    crisis.execute = crisis.start_execute()
    deed, after = crisis.end(GROW, machine), machines.cpus(machine)
    changes = machines.counted(machine, machines.CHANGES, newest)
    effect = f"{machine.name}: {before} → {after} CPUs in {changes} change{'' if changes == 1 else 's'}"
    true = (after, changes) == (before + 1, 1)
    row_ = row(what, deed, at, effect, decided="approved", outcome="succeeded", true=true)
    if not in_time:
        row_ = row_._replace(faults=(*row_.faults, f"{what}: the kill hit no task, so it shows nothing"))
    return told("h", TITLE, row_)
