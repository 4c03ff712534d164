"""``action: snapshot``: keep the state that a virtual machine is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from clients.vsphere import task
from schemas.errors import Reject
from sinks.template import LONGEST, Template
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power, snapshots, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.snapshot import SnapshotParameters

LONGEST_NAME: Final = 80
"""vSphere takes no longer one."""


class Names(NamedTuple):
    """How a snapshot is called."""

    name: str
    description: str


class Snapshot:
    """Takes one snapshot for each event, known by its name, which holds the event's id.

    Old ones stay: ``limit`` keeps many events from making a chain that slows the machine down.
    """

    privileges: ClassVar = ("VirtualMachine.State.CreateSnapshot",)
    verifiable: ClassVar = True

    def __init__(self, parameters: SnapshotParameters) -> None:
        self._parameters = parameters
        self._name = Template.of(parameters.name)
        self._description = Template.of(parameters.description)

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine has the snapshot of this event, and may have one more."""
        name = self._name.render(event).strip()
        if len(name) > LONGEST_NAME:
            raise Reject(f"the snapshot's name would be longer than {LONGEST_NAME} characters: {name[:LONGEST_NAME]}")
        values = state.read(target, [power.POWER], [snapshots.ROOTS, power.TOOLS])
        found = list(snapshots.trees(values.get(snapshots.ROOTS, ())))
        if any(name in snapshots.spellings(each) for each in found):
            return Plan(target, ())
        if len(found) >= self._parameters.limit:
            raise Reject(f"{target} has {len(found)} snapshots already: delete some, or raise limit")
        if self._parameters.quiesce and values[power.POWER] == power.ON:
            power.check_tools(target, values, instead="set quiesce to false")
        description = self._description.render(event)[:LONGEST]
        return Plan(target, (f"take the snapshot {name}",), Names(name, description), {"snapshot": name})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Without the snapshot, if it is there; asks for ``VirtualMachine.State.RemoveSnapshot``.

        What the machine has written since is kept, and so are snapshots that were taken after it.
        """
        del event
        name = before["snapshot"]
        found = [
            each
            for each in snapshots.trees(state.read(target, [], [snapshots.ROOTS]).get(snapshots.ROOTS, ()))
            if name in snapshots.spellings(each)
        ]
        if len(found) > 1:
            raise Reject(f"{target} has {len(found)} snapshots called {name}: nobody can tell which to delete")
        if not found:
            return Plan(target, ())
        return Plan(target, (f"delete the snapshot {name}",), found[0].snapshot)

    def start(self, plan: Plan) -> Any:
        """One ``CreateSnapshot_Task``; back, one ``RemoveSnapshot_Task``."""
        session, machine, given = plan.target.session, plan.target.reference, self._parameters
        if not isinstance(plan.spec, Names):
            return task.start(session, lambda: plan.spec.RemoveSnapshot_Task(removeChildren=False))
        return task.start(
            session,
            lambda: machine.CreateSnapshot_Task(
                name=plan.spec.name, description=plan.spec.description, memory=given.memory, quiesce=given.quiesce
            ),
        )
