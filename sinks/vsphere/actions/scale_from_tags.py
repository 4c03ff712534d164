"""``action: scale-from-tags``: give a virtual machine that was powered off the sizes that its tags say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pyVmomi import vim

from schemas.errors import Reject
from sinks.vsphere import sizetags, tags
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power, reconfiguration, resizing, state
from sinks.vsphere.machine.mark import Mark
from sinks.vsphere.machine.moment import happened
from sinks.vsphere.machine.resizing import CORES, CPUS, EXTRA, FIELDS, MARKS, MEMORY
from sinks.vsphere.parameters.scale import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.scale_from_tags import ScaleFromTagsParameters


class ScaleFromTags:
    """Applies all of them in one task, bound to the configuration that was read; no CPU and no memory is taken away.

    The same marks are left as by ``scale``: an event from before this one, for which the machine was tagged, is done.
    """

    privileges: ClassVar = (
        "VirtualMachine.Config.CPUCount",
        "VirtualMachine.Config.Memory",
        "VirtualMachine.Config.AdvancedConfig",
    )
    verifiable: ClassVar = True

    def __init__(self, parameters: ScaleFromTagsParameters) -> None:
        self._most = {"numCPUs": parameters.max_cpus, "memoryMB": parameters.max_memory // MEBIBYTE}

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Which sizes the tags say that the machine does not have."""
        values = state.read(target, [CPUS, MEMORY, power.POWER], [CORES, EXTRA, reconfiguration.VERSION])
        with tags.tagging(target.session) as service:
            wanted = sizetags.said(service, target)
        found = {field: int(values.get(path) or 1) for field, (path, _) in FIELDS.items()}
        new = {
            field: size
            for field, size in wanted.items()
            if (size > found[field] if field in self._most else size != found[field])
        }
        if not new:
            return Plan(target, ())
        self._check(target, values, found | new, new)
        mark = str(Mark(happened(event, target.session), event.id))
        marks = [vim.option.OptionValue(key=key, value=mark) for field, key in MARKS.items() if field in new]
        return Plan(
            target,
            tuple(f"scale from {found[field]} to {size} {FIELDS[field][1]}" for field, size in new.items()),
            reconfiguration.spec(values, extraConfig=marks, **new),
            {field: {"from": found[field], "to": size} for field, size in new.items()},
        )

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """As for ``scale``; the tags stay, and say the same at the next power-off."""
        del event
        return resizing.undo(target, before)

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``."""
        return reconfiguration.start(plan)

    def _check(self, target: Target, values: dict[str, Any], sizes: dict[str, int], new: dict[str, int]) -> None:
        for field, most in self._most.items():
            if new.get(field, 0) > most:
                raise Reject(
                    f"{target}: its tag says {new[field]} {FIELDS[field][1]}, and no more than {most} are allowed"
                )
        if sizes["numCPUs"] % sizes["numCoresPerSocket"]:
            cpus, cores = sizes["numCPUs"], sizes["numCoresPerSocket"]
            raise Reject(f"{target}: {cpus} CPUs do not fill sockets of {cores}: change its tags")
        if values[power.POWER] != power.OFF:
            raise Reject(f"{target} is not powered off (any more): its tags count at its next power-off")
