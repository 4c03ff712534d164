"""Machines on a datastore that has too little room, as far as the simulator's answers are told otherwise."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pyVmomi import vim

from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import find
from tests.support.machine import machine_of_its_own
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.remediation.entity import Entity

GIB = 2**30
CAPACITY = 1000 * GIB


class Crowd(NamedTuple):
    """A datastore, and machines of a test's own on it."""

    store: Target
    machines: list[Target]

    def ours(self, entity: Entity) -> str | None:
        """An objection to everybody else."""
        return None if entity.moref in {each.moref for each in self.machines} else f"deny: {entity} is not ours"


@contextmanager
def crowd(session: Session, *sizes: int) -> Iterator[Crowd]:
    """Machines; that they are of these sizes, in GiB, is told by ``short_of``."""
    with ExitStack() as closing:
        machines = [closing.enter_context(machine_of_its_own(session)) for _ in sizes]
        yield Crowd(find([session], "LocalDS_0", DATASTORE), machines)


def short_of(monkeypatch: pytest.MonkeyPatch, given: Crowd, need: int, *sizes: int) -> None:
    """Have the datastore lack so many GiB of a headroom of 100 GiB, and its machines take these."""
    told: dict[str, dict[str, Any]] = {
        machine.moref: {
            "summary.storage": vim.vm.Summary.StorageSummary(committed=size * GIB, uncommitted=0, unshared=0)
        }
        for machine, size in zip(given.machines, sizes, strict=True)
    }
    room = {"summary.freeSpace": (100 - need) * GIB, "summary.capacity": CAPACITY}
    tell(monkeypatch, {given.store.moref: room, **told})
