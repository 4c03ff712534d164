"""``action: storage-move``: have a virtual machine's files on another datastore."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import task
from clients.vsphere.faults import VsphereFault, translated
from clients.vsphere.target import moref
from schemas.errors import Refused, Reject
from sinks.vsphere.actions.base import Plan, Shortage
from sinks.vsphere.machine import datastores, mobility, residents, state
from sinks.vsphere.machine.reservations import OF_THIS_PROCESS, Place, Reservations
from sinks.vsphere.parameters.names import fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.machine.datastores import Room
    from sinks.vsphere.parameters.storage_move import StorageMoveParameters

HOST: Final = "runtime.host"
PATHS: Final = ("datastore", HOST, mobility.DEVICES)
OPTIONAL: Final = (mobility.FAULT_TOLERANCE, mobility.SNAPSHOTS, "summary.storage")

NAMED: Final = 5
"""Datastores without room that a refusal names."""

log = logging.getLogger(__name__)


class StorageMove:
    """Moves all files of a machine to one datastore that its host can write to.

    One that is on the datastores it should be on stays; without such names, one whose datastores have headroom. Inside
    a datastore cluster vSphere's own recommendation is followed; otherwise the datastore with most free space is taken.
    """

    privileges: ClassVar = ("Resource.ColdMigrate", "Resource.HotMigrate", "Datastore.AllocateSpace")
    verifiable: ClassVar = True

    def __init__(self, parameters: StorageMoveParameters, pending: Reservations = OF_THIS_PROCESS) -> None:
        self._parameters = parameters
        self._pending = pending

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine is where it should be, and where it could go."""
        del event  # a machine whose datastore has room is as it should be, whoever has made it
        values = state.read(target, PATHS, OPTIONAL)
        rooms = self._rooms(target, values)
        present = [moref(each) for each in datastores.used(values)]
        if all(self._suits(rooms.get(each)) for each in present):
            return Plan(target, ())
        if reasons := mobility.anchored(values):
            raise Reject(f"{target} stays where it is: {', '.join(reasons)}")
        size = datastores.size(values)
        chosen = self._choose(target, rooms, present, size)
        names = ", ".join(rooms[each].name if each in rooms else each for each in present)
        return Plan(
            target,
            (f"move it from {names} to {chosen.name}",),
            vim.vm.RelocateSpec(datastore=chosen.reference),
            {"from": present, "to": moref(chosen.reference), "size": size},
        )

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Back to the datastore it was on, if that was a single one and has room, unless somebody has moved it."""
        del event
        values = state.read(target, PATHS, OPTIONAL)
        present = [moref(each) for each in datastores.used(values)]
        if sorted(present) == sorted(before["from"]):
            return Plan(target, ())
        if present != [before["to"]]:
            raise Reject(f"{target}: somebody has moved it since: it stays there")
        if len(before["from"]) != 1:
            raise Reject(f"{target} was on {len(before['from'])} datastores: nobody knows which file was where")
        if reasons := mobility.anchored(values):
            raise Reject(f"{target} stays where it is: {', '.join(reasons)}")
        room = self._rooms(target, values).get(before["from"][0])
        if room is None or not room.ready or room.free < datastores.size(values):
            raise Reject(f"{target}: the datastore it was on has no room, or its host cannot write there")
        return Plan(target, (f"move it back to {room.name}",), vim.vm.RelocateSpec(datastore=room.reference))

    def shortage(self, shared: Target) -> Shortage:
        """What a datastore lacks of its headroom, and the machines whose files could leave it."""
        store, given = datastores.look_at(shared.session, shared.reference), self._parameters
        if fits(store.name, given.to):
            raise Reject(f"datastore {shared} is one of those that `to` names: what is on it stays, however full it is")
        if not store.accessible:
            raise Reject(f"datastore {shared} is not accessible: nothing tells how full it is")
        percent = given.headroom_percent
        need = datastores.missing(store.free, store.capacity, headroom=given.headroom, percent=percent)
        if need <= 0:
            raise Reject(f"datastore {shared} has the headroom that it should have: nothing is moved off it")
        return Shortage(need, residents.residents(shared))

    def start(self, plan: Plan) -> Any:
        """One ``RelocateVM_Task``; until its end the room that it takes counts as taken."""
        target, machine = plan.target, plan.target.reference
        size = plan.before.get("size")
        if isinstance(size, int):
            store = Place(target.session.name, moref(plan.spec.datastore))
            self._pending.hold(_place(target), store, size)
        try:
            return task.start(target.session, lambda: machine.RelocateVM_Task(spec=plan.spec))
        except (Refused, VsphereFault):  # without an answer it may have begun
            self._pending.release(_place(target))
            raise

    def wait(self, target: Target, started: Any | None, *, deadline: float) -> None:
        """Until the task ends; one that has not ended still takes its room."""
        try:
            if started is not None:
                task.wait(target.session, started, deadline=deadline)
        except VsphereFault:
            self._pending.release(_place(target))
            raise
        self._pending.release(_place(target))

    def _rooms(self, target: Target, values: dict[str, Any]) -> dict[str, Room]:
        """What the machine's host sees, without the room that others on their way will take."""
        place, vcenter = _place(target), target.session.name
        return {
            store: replace(room, free=room.free - self._pending.taken(Place(vcenter, store), by_others_than=place))
            for store, room in datastores.seen_by(target.session, values[HOST]).items()
        }

    def _suits(self, room: Room | None) -> bool:
        if room is None:  # the host does not see it any more
            return False
        return fits(room.name, self._parameters.to) if self._parameters.to else self._keeps(room, 0)

    def _keeps(self, room: Room, size: int) -> bool:
        given = self._parameters
        return room.keeps(size, headroom=given.headroom, percent=given.headroom_percent)

    def _choose(self, target: Target, rooms: Mapping[str, Room], present: list[str], size: int) -> Room:
        here = [rooms[each] for each in present if each in rooms]
        must_be_shared = any(room.shared for room in here)
        wanted = [
            room
            for room in rooms.values()
            if (fits(room.name, self._parameters.to) if self._parameters.to else room not in here)
        ]
        able = [room for room in wanted if room.ready and (room.shared or not must_be_shared)]
        roomy = [room for room in able if self._keeps(room, size)]
        if not roomy:
            raise Reject(f"no datastore can take {target}: {_shortcomings(wanted, able)}")
        pod = next((room.pod for room in here if room.pod is not None), None)
        beside = [room for room in roomy if pod is not None and room.pod == pod]
        if beside and (recommended := _recommended(target, pod, beside)) is not None:
            return recommended
        return max(beside or roomy, key=lambda room: (room.free, room.name))


def _place(target: Target) -> Place:
    return Place(target.session.name, target.moref)


def _shortcomings(wanted: list[Room], able: list[Room]) -> str:
    if not wanted:
        return "its host sees none that may be"
    named = wanted[:NAMED]
    told = [f"{room.name} has too little headroom" if room in able else f"{room.name} is not ready" for room in named]
    return ", ".join(told) + (f" and {len(wanted) - NAMED} more" if len(wanted) > NAMED else "")


def _recommended(target: Target, pod: Any, rooms: list[Room]) -> Room | None:
    """What Storage DRS would take, if that is one of ``rooms``; it only answers, and begins nothing."""
    spec = vim.storageDrs.StoragePlacementSpec(
        type="relocate",
        vm=target.reference,
        podSelectionSpec=vim.storageDrs.PodSelectionSpec(storagePod=pod),
        relocateSpec=vim.vm.RelocateSpec(),
    )
    try:
        with translated(target.session.name):
            answer = target.session.content.storageResourceManager.RecommendDatastores(storageSpec=spec)
    except VsphereFault as fault:
        log.info("%s: no recommendation (%s), the datastore with most free space is taken", target, fault)
        return None
    known = {moref(room.reference): room for room in rooms}
    return next((known[each] for each in _destinations(answer) if each in known), None)


def _destinations(answer: Any) -> Iterable[str]:
    for recommendation in answer.recommendations or ():
        for action in recommendation.action or ():
            destination = getattr(action, "destination", None)
            if destination is not None:
                yield moref(destination)
