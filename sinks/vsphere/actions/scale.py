"""``action: scale``: give a virtual machine more CPUs and memory, up to a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere.tagging import ATTACH
from schemas.errors import Reject
from sinks.vsphere import sizetags, tags
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import hotadd, power, reconfiguration, resizing, state
from sinks.vsphere.machine.growth import grown
from sinks.vsphere.machine.mark import Mark
from sinks.vsphere.machine.moment import happened
from sinks.vsphere.machine.resizing import CORES, CPUS, EXTRA, MARKS, MEMORY
from sinks.vsphere.parameters.scale import MEBIBYTE, NEXT_POWER_OFF
from sinks.vsphere.sizetags import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.scale import ScaleParameters

_PARAMETERS: Final = {"numCPUs": "add_cpus", "memoryMB": "add_memory"}


class Growth(NamedTuple):
    """One resource of a machine.

    Attributes:
        field: of the ``ConfigSpec``.
        before: its size.
        after: what it grows to; the same when it is at its limit.
        most: what it may grow to.
        unit: of both.
        limit: what holds it there, and what would help.
    """

    field: str
    before: int
    after: int
    most: int
    unit: str
    limit: str

    @property
    def mark(self) -> str:
        """Key of the extra configuration that says for which event it was last enlarged."""
        return MARKS[self.field]

    def __str__(self) -> str:
        return f"{self.before} to {self.after} {self.unit}"


class Scale:
    """Adds CPUs and memory in one task, which also leaves a mark in the machine.

    How large a machine should be does not follow from how large it is. So the same call that enlarges it writes the
    event and its time into its extra configuration: for that event, and for every earlier one, nothing is left to do.
    """

    verifiable: ClassVar = True

    def __init__(self, parameters: ScaleParameters) -> None:
        self._parameters = parameters

    @property
    def privileges(self) -> tuple[str, ...]:
        """Those of what it enlarges, and of the mark."""
        cpus = ["VirtualMachine.Config.CPUCount"] if self._parameters.add_cpus else []
        memory = ["VirtualMachine.Config.Memory"] if self._parameters.add_memory else []
        later = [ATTACH] if self._parameters.when == NEXT_POWER_OFF else []
        return (*cpus, *memory, "VirtualMachine.Config.AdvancedConfig", *later)

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """How far the machine may grow as it is, unless it has been enlarged since the event."""
        moment = happened(event, target.session)
        optional = [CORES, *hotadd.PATHS, reconfiguration.VERSION]
        # Without the marks nobody knows what has been done for this event.
        values = state.read(target, [CPUS, MEMORY, power.POWER, EXTRA], optional)
        written = {str(option.key): str(option.value) for option in values[EXTRA]}
        wanted = [
            growth
            for growth in (self._cpus(values), self._memory(values))
            if growth is not None and not Mark.read(written.get(growth.mark)).covers(moment)
        ]
        if not wanted:
            return Plan(target, ())
        growing = [growth for growth in wanted if growth.after > growth.before]
        if not growing:
            raise Reject(f"{target} is at its limit: {'; '.join(growth.limit for growth in wanted)}")
        if self._parameters.when == NEXT_POWER_OFF and _is_hot(values) and list(_without_hot_add(values, growing)):
            return _for_later(target, growing)
        _check(target, values, growing)
        mark = Mark(moment, event.id)
        spec = reconfiguration.spec(
            values,
            extraConfig=[vim.option.OptionValue(key=growth.mark, value=str(mark)) for growth in wanted],
            **{growth.field: growth.after for growth in growing},
        )
        before = {growth.field: {"from": growth.before, "to": growth.after} for growth in growing}
        return Plan(target, tuple(f"scale from {growth}" for growth in growing), spec, before)

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The sizes from before, of a machine that is powered off; of one that was tagged, the tags from before."""
        del event
        return tags.undo(target, before) if "ties" in before else resizing.undo(target, before)

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``; for later, an ``attach`` for each size, and a ``detach`` for what it replaces."""
        if isinstance(plan.spec, tuple):
            return tags.change(plan.target, plan.spec)
        return reconfiguration.start(plan)

    def _cpus(self, values: dict[str, Any]) -> Growth | None:
        add, most = self._parameters.add_cpus, self._parameters.max_cpus
        if not add:
            return None
        cpus, cores = int(values[CPUS]), max(1, int(values.get(CORES) or 1))
        after = grown(cpus, add=add, most=most, step=cores)
        limit = f"{cpus} CPUs in sockets of {cores}, and max_cpus is {most}"
        return Growth("numCPUs", cpus, after, most, "CPUs", limit)

    def _memory(self, values: dict[str, Any]) -> Growth | None:
        add, most = (size // MEBIBYTE for size in (self._parameters.add_memory, self._parameters.max_memory))
        if not add:
            return None
        size, step = int(values[MEMORY]), 1
        limit = f"{size} MB, and max_memory is {most} MB"
        if _is_hot(values) and values.get(hotadd.MEMORY):
            step, hot_limit = hotadd.memory(values)
            ceiling = hot_limit or most
            if ceiling < most:
                limit = f"{size} MB, and it can have no more than {ceiling} MB until it is powered off"
            most = min(most, ceiling)
        return Growth("memoryMB", size, grown(size, add=add, most=most, step=step), most, "MB", limit)


def _is_hot(values: dict[str, Any]) -> bool:
    return bool(values[power.POWER] == power.ON)


def _check(target: Target, values: dict[str, Any], growing: list[Growth]) -> None:
    if values[power.POWER] == power.SUSPENDED:
        raise Reject(f"{target} is suspended: it can be scaled when it runs or is powered off")
    if not _is_hot(values):
        return
    for what, parameter in _without_hot_add(values, growing):
        raise Reject(
            f"{target} runs, and takes no {what} then: power it off, enable hot-add of {what} while it is off, or set "
            f"when: {NEXT_POWER_OFF}; {parameter}: 0 leaves its {what} alone"
        )


def _without_hot_add(values: dict[str, Any], growing: list[Growth]) -> Iterator[tuple[str, str]]:
    """What does not grow while the machine runs, and the parameter that says so."""
    for field, what in hotadd.lacking(values, {growth.field for growth in growing}):
        yield what, _PARAMETERS[field]


def _for_later(target: Target, growing: list[Growth]) -> Plan:
    """Tags that ``scale-from-tags`` reads at the next power-off."""
    wishes = {growth.field: Wish(growth.before, growth.after, growth.most) for growth in growing}
    ties = tuple(sizetags.ties(target, wishes))
    changes = tuple(f"{tie} for its next power-off" for tie in ties)
    return Plan(target, changes, ties, {"ties": [[*tie] for tie in ties]})
