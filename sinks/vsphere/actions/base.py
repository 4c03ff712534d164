"""The contract of an action on a virtual machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be done to one machine, from its state a moment ago.

    Attributes:
        target: the machine.
        changes: each change in words; none means that the machine is already as it should be.
        spec: what to send, in the action's own form.
    """

    target: Target
    changes: tuple[str, ...]
    spec: Any = None


class Action(Protocol):
    """A change of one virtual machine for one event, which may be asked for again without harm.

    Its class takes the parameters that the table names, or nothing where there are none. Both methods block, and raise
    the errors of ``clients.vsphere.faults``; one instance serves several threads.
    """

    @property
    def privileges(self) -> tuple[str, ...]:
        """What vSphere asks for on the machine, beside reading it."""

    @property
    def verifiable(self) -> bool:
        """Whether what ``plan`` reads tells at once, and for certain, that a change has been made.

        Where it does not, the vCenter's answer to ``apply`` is the proof; without an answer nothing is repeated.
        """

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Read the machine's state; changes nothing.

        Args:
            target: the machine.
            event: what it is done for. When it has been done for this event, nothing is left to do.

        Raises:
            Reject: it cannot be done to this machine as it is; the reason names what would help.
        """

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """Make all changes of a plan with a single call, and wait for its end.

        Args:
            plan: with changes.
            deadline: instant of ``time.monotonic`` to give up at.

        Raises:
            TaskUnfinished: the deadline passed; the outcome is unknown.
        """
