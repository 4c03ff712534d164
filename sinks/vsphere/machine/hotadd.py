"""What a machine takes while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CPUS: Final = "config.cpuHotAddEnabled"
MEMORY: Final = "config.memoryHotAddEnabled"
LIMIT: Final = "config.hotPlugMemoryLimit"
STEP: Final = "config.hotPlugMemoryIncrementSize"

PATHS: Final = (CPUS, MEMORY, LIMIT, STEP)


class Memory(NamedTuple):
    """How the memory of a machine that runs may grow.

    Attributes:
        step: MB that it grows by, or by multiples of.
        limit: MB that it may have in all; None where the vCenter says nothing.
    """

    step: int
    limit: int | None


def memory(values: dict[str, Any]) -> Memory:
    """As vSphere says; ``values`` with ``LIMIT`` and ``STEP`` where they are set."""
    return Memory(max(1, int(values.get(STEP) or 1)), int(values.get(LIMIT) or 0) or None)


def lacking(values: dict[str, Any], fields: Collection[str]) -> Iterator[tuple[str, str]]:
    """Fields of a ``ConfigSpec`` that do not grow while the machine runs, with the words for them.

    Args:
        values: with ``CPUS`` and ``MEMORY`` where they are set.
        fields: that should grow.
    """
    for field, enabled, what in (("numCPUs", CPUS, "CPUs"), ("memoryMB", MEMORY, "memory")):
        if field in fields and not values.get(enabled):
            yield field, what
