"""What all actions that make a machine do alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere import task
from clients.vsphere.faults import VsphereFault
from clients.vsphere.target import moref
from schemas.errors import Refused
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine.reservations import OF_THIS_PROCESS, Place, Reservations
from sinks.vsphere.making import birth, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.making import MakingParameters


@dataclass(frozen=True, slots=True)
class Making:
    """What a plan asks for.

    Attributes:
        call: begins the one task that makes the machine.
        store: the datastore it goes to.
        size: bytes that it will take there at most.
    """

    call: Callable[[], Any]
    store: Any
    size: int


class Maker:
    """An action on a folder that makes one machine in it, known by its mark.

    Args:
        given: its name, its mark, and where it goes.
        pending: room that machines on their way will take.
    """

    verifiable: ClassVar = True

    def __init__(self, given: MakingParameters, pending: Reservations = OF_THIS_PROCESS) -> None:
        self._given = given
        self._pending = pending

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Delete it, as long as it has the action's mark and is off."""
        del event
        return birth.undo(target, place.datacenter(target), before)

    def start(self, plan: Plan) -> Any:
        """The one task that makes it, until whose end its room counts as taken; of an undo one ``Destroy_Task``."""
        if isinstance(plan.spec, birth.Removal):
            return birth.remove(plan)
        making: Making = plan.spec
        machine = self._machine(plan.target)
        self._pending.hold(machine, Place(machine.vcenter, moref(making.store)), making.size)
        try:
            return task.start(plan.target.session, making.call)
        except (Refused, VsphereFault):  # without an answer it may have begun
            self._pending.release(machine)
            raise

    def wait(self, target: Target, started: Any | None, *, deadline: float) -> None:
        """Until the task ends; one that has not ended still takes its room."""
        try:
            if started is not None:
                task.wait(target.session, started, deadline=deadline)
        except VsphereFault:
            self._pending.release(self._machine(target))
            raise
        self._pending.release(self._machine(target))

    def goes_on(self, target: Target, *, since: float) -> bool:
        """Whether a machine of ours is being made somewhere."""
        return birth.goes_on(target, since)

    def _is_made(self, target: Target, within: Any) -> bool:
        """As ``birth.made`` says; whatever becomes of its task, the datastore tells of its room from then on."""
        if not birth.made(target, within, self._given):
            return False
        self._pending.release(self._machine(target))
        return True

    def _place(self, target: Target, within: Any, size: int) -> place.Place:
        """Where it goes, without the room that others on their way will take."""
        machine, vcenter = self._machine(target), target.session.name

        def taken(store: str) -> int:
            return self._pending.taken(Place(vcenter, store), by_others_than=machine)

        return place.find(target.session, within, self._given, size, taken=taken)

    def _planned(self, target: Target, change: str, making: Making) -> Plan:
        return Plan(target, (change,), making, birth.before(self._given))

    def _machine(self, folder: Target) -> Place:
        return Place(folder.session.name, f"{folder.moref}/{self._given.name}")
