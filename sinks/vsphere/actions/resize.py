"""``action: resize``: have a virtual machine with so many CPUs and so much memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import hotadd, power, reconfiguration, resizing, state
from sinks.vsphere.machine.resizing import CORES, CPUS, FIELDS, MEMORY
from sinks.vsphere.parameters.scale import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.resize import ResizeParameters


class Resize:
    """Sets both in one task. A machine never shrinks, and never gets less than was asked for."""

    verifiable: ClassVar = True

    def __init__(self, parameters: ResizeParameters) -> None:
        self._parameters = parameters

    @property
    def privileges(self) -> tuple[str, ...]:
        """Those of what it sets."""
        cpus = () if self._parameters.cpus is None else ("VirtualMachine.Config.CPUCount",)
        memory = () if self._parameters.memory is None else ("VirtualMachine.Config.Memory",)
        return (*cpus, *memory)

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """What it has not yet of what it should have."""
        del event  # a machine of that size is as it should be, whoever has made it so
        values = state.read(target, [CPUS, MEMORY, power.POWER], [CORES, *hotadd.PATHS, reconfiguration.VERSION])
        found = {field: int(values[FIELDS[field][0]]) for field in ("numCPUs", "memoryMB")}
        wanted = {field: size for field, size in self._wanted() if size != found[field]}
        if reasons := [*self._excess(), *_shrinking(found, wanted), *_odd(values, wanted)]:
            raise Reject(f"{target} is not resized: {'; '.join(reasons)}")
        if not wanted:
            return Plan(target, ())
        if reasons := [*_obstacles(values, found, wanted)]:
            raise Reject(f"{target} cannot be resized as it is: {'; '.join(reasons)}: power it off first")
        return Plan(
            target,
            tuple(f"resize from {found[field]} to {size} {FIELDS[field][1]}" for field, size in wanted.items()),
            reconfiguration.spec(values, **wanted),
            {field: {"from": found[field], "to": size} for field, size in wanted.items()},
        )

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The sizes from before, of a machine that is powered off."""
        del event
        return resizing.undo(target, before)

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``."""
        return reconfiguration.start(plan)

    def _wanted(self) -> Iterator[tuple[str, int]]:
        given = self._parameters
        if given.cpus is not None:
            yield "numCPUs", given.cpus
        if given.memory is not None:
            yield "memoryMB", given.memory // MEBIBYTE

    def _excess(self) -> Iterator[str]:
        given = self._parameters
        if given.cpus is not None and given.cpus > given.max_cpus:
            yield f"{given.cpus} CPUs are asked for, and max_cpus is {given.max_cpus}"
        if given.memory is not None and given.memory > given.max_memory:
            asked, most = given.memory // MEBIBYTE, given.max_memory // MEBIBYTE
            yield f"{asked} MB are asked for, and max_memory is {most} MB"


def _shrinking(found: dict[str, int], wanted: dict[str, int]) -> Iterator[str]:
    for field, size in wanted.items():
        if size < found[field]:
            yield f"it has {found[field]} {FIELDS[field][1]}, and never shrinks to {size}"


def _odd(values: dict[str, Any], wanted: dict[str, int]) -> Iterator[str]:
    cores = max(1, int(values.get(CORES) or 1))
    if wanted.get("numCPUs", 0) % cores:
        yield f"{wanted['numCPUs']} CPUs do not fill sockets of {cores}"


def _obstacles(values: dict[str, Any], found: dict[str, int], wanted: dict[str, int]) -> Iterator[str]:
    """Why it does not take it now, in words."""
    if values[power.POWER] == power.SUSPENDED:
        yield "it is suspended"
    if values[power.POWER] != power.ON:
        return
    for _, what in hotadd.lacking(values, wanted):
        yield f"it runs, and takes no {what} then"
    step, limit = hotadd.memory(values)
    more = wanted.get("memoryMB", found["memoryMB"]) - found["memoryMB"]
    if more % step:
        yield f"it runs, and takes memory in steps of {step} MB then"
    if more and limit is not None and found["memoryMB"] + more > limit:
        yield f"it runs, and can have no more than {limit} MB then"
