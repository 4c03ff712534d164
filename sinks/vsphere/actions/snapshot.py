"""``action: snapshot``: keep the state that a virtual machine is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from clients.vsphere import task
from clients.vsphere.target import shown_name
from schemas.errors import Reject
from sinks.template import LONGEST, Template
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power, state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.snapshot import SnapshotParameters

ROOTS: Final = "snapshot.rootSnapshotList"

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
        values = state.read(target, [power.POWER], [ROOTS, power.TOOLS])
        found = list(_names(values.get(ROOTS, ())))
        if any(name in {each, shown_name(each)} for each in found):
            return Plan(target, ())
        if len(found) >= self._parameters.limit:
            raise Reject(f"{target} has {len(found)} snapshots already: delete some, or raise limit")
        if self._parameters.quiesce and values[power.POWER] == power.ON:
            power.check_tools(target, values, instead="set quiesce to false")
        description = self._description.render(event)[:LONGEST]
        return Plan(target, (f"take the snapshot {name}",), Names(name, description))

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """One ``CreateSnapshot_Task``."""
        machine, given = plan.target.reference, self._parameters
        task.run(
            plan.target.session,
            lambda: machine.CreateSnapshot_Task(
                name=plan.spec.name, description=plan.spec.description, memory=given.memory, quiesce=given.quiesce
            ),
            deadline=deadline,
        )


def _names(trees: Iterable[Any]) -> Iterator[str]:
    """Names of all snapshots; without recursion, for a chain may be long."""
    left = list(trees)
    while left:
        tree = left.pop()
        yield str(tree.name)
        left += tree.childSnapshotList or ()
