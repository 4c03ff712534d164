"""Sizes of a machine, and the way back to earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power, reconfiguration, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target

CPUS: Final = "config.hardware.numCPU"
CORES: Final = "config.hardware.numCoresPerSocket"
MEMORY: Final = "config.hardware.memoryMB"
EXTRA: Final = "config.extraConfig"

FIELDS: Final = {
    "numCPUs": (CPUS, "CPUs"),
    "numCoresPerSocket": (CORES, "cores per socket"),
    "memoryMB": (MEMORY, "MB"),
}
"""Property and unit by field of a ``ConfigSpec``."""

MARKS: Final = {"numCPUs": "reflexarc.scale.cpus", "memoryMB": "reflexarc.scale.memory"}
"""Keys of the extra configuration that say for which event a machine was last enlarged."""


def undo(target: Target, before: Mapping[str, Any]) -> Plan:
    """Back to the sizes from before, of a machine that is powered off: one that runs gives nothing back.

    A size that somebody has changed since stays. So do the marks: the events' growth has had its time.

    Args:
        target: the machine.
        before: ``from`` and ``to`` by field of ``FIELDS``.

    Raises:
        Reject: it runs, or somebody has changed all of the sizes since.
    """
    values = state.read(target, [CPUS, MEMORY, power.POWER], [CORES, reconfiguration.VERSION])
    found = {field: int(values.get(FIELDS[field][0]) or 1) for field in before if field in FIELDS}
    ours = {field: size for field, size in found.items() if size == before[field]["to"]}
    left = tuple(
        f"somebody has made it {size} {FIELDS[field][1]} since"
        for field, size in found.items()
        if size not in before[field].values()
    )
    if left and not ours:
        raise Reject(f"{target}: {', '.join(left)}: it stays so")
    if ours and values[power.POWER] != power.OFF:
        raise Reject(f"{target} gives back what it was scaled by only when it is powered off")
    changes = tuple(
        f"scale back from {size} to {before[field]['from']} {FIELDS[field][1]}" for field, size in ours.items()
    )
    spec = reconfiguration.spec(values, **{field: before[field]["from"] for field in ours})
    return Plan(target, changes, spec, left=left)
