"""The contract of an action on one object of a vCenter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be done to one object, from its state a moment ago.

    Attributes:
        target: the object.
        changes: each change in words; none means that the object is already as it should be.
        spec: what to send, in the action's own form.
        before: what an undo has to know of the state before; JSON, so that it can be stored.
        left: what an undo leaves alone, since somebody else has changed it meanwhile; in words.
        rest: whether this is what is left of several steps, the first of which was made; ``before`` says nothing then.
    """

    target: Target
    changes: tuple[str, ...]
    spec: Any = None
    before: Mapping[str, JSON] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    rest: bool = False


class Candidate(NamedTuple):
    """One object of several that may be acted on for an event about what they share.

    Attributes:
        target: the object.
        gain: bytes that acting on it makes free.
        reasons: why it cannot be acted on, in words; none when nothing speaks against it.
    """

    target: Target
    gain: int
    reasons: tuple[str, ...] = ()


class Shortage(NamedTuple):
    """What is missing somewhere, and who could make up for it.

    Attributes:
        need: bytes that are missing, more than 0.
        candidates: all that have a share in it, in the order of their ids; also those that cannot be acted on.
    """

    need: int
    candidates: tuple[Candidate, ...]


class Action(Protocol):
    """A change of one object for one event, which may be asked for again without harm.

    Its class takes the parameters that the table names, or nothing where there are none. All methods block, and raise
    the errors of ``clients.vsphere.faults``; one instance serves several threads.
    """

    @property
    def privileges(self) -> tuple[str, ...]:
        """What vSphere asks for on the object, beside reading it."""

    @property
    def verifiable(self) -> bool:
        """Whether what ``plan`` reads tells at once, and for certain, that a change has been made.

        Where it does not, the vCenter's answer to the change is the proof; without an answer nothing is repeated.
        """

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Read the object's state; changes nothing.

        Args:
            target: the object.
            event: what it is done for. When it has been done for this event, nothing is left to do.

        Raises:
            Reject: it cannot be done to this object as it is; the reason names what would help.
        """

    def start(self, plan: Plan) -> Any | None:
        """Make all changes of a plan with a single call.

        Args:
            plan: with changes; of ``plan`` or of ``undo``.

        Returns:
            The task that makes them, to be waited for (``sinks.vsphere.waiting``); None where there is none.
        """


@runtime_checkable
class Undoable(Protocol):
    """An action that can bring back what it has changed."""

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Read the object's state, and plan the way back; changes nothing.

        What somebody else has changed since is left alone: the plan's ``left`` says so.

        Args:
            target: the object.
            before: of the plan that was carried out.
            event: what that was done for.

        Raises:
            Reject: there is no way back as the object is now, or all of it was changed by somebody else since.
        """


@runtime_checkable
class Choosing(Protocol):
    """An action that is done to some of the objects that share something, when that is short."""

    def shortage(self, shared: Target) -> Shortage:
        """Read what is missing and what could be acted on; changes nothing.

        Args:
            shared: an object of the class that the table names.

        Raises:
            Reject: nothing is to be done there; the reason says why.
        """


@runtime_checkable
class Untracked(Protocol):
    """An action whose task cannot be told from others: several may go on at one object, or it is known elsewhere.

    It must be ``verifiable``: once nothing of the kind goes on, the state tells whether it was done.
    """

    def goes_on(self, target: Target, *, since: float) -> bool:
        """Whether what was begun since then, in seconds since 1970 by the vCenter's clock, may still be under way."""


@runtime_checkable
class Waiting(Protocol):
    """An action whose change ends otherwise than with a task alone."""

    def wait(self, target: Target, started: Any | None, *, deadline: float) -> None:
        """Return when the change has been made. May be called again when it was not, also by another process.

        Args:
            target: the object.
            started: what ``start`` has returned.
            deadline: instant of ``time.monotonic`` to return at.

        Raises:
            TaskUnfinished: the deadline passed; the outcome is unknown.
        """


@runtime_checkable
class Abandonable(Protocol):
    """An action whose change must not be made at some time later, when nobody waits for it any longer."""

    def abandon(self, target: Target, started: Any | None) -> None:
        """Have the vCenter end what was started, as far as it can; its failure is no news.

        Args:
            target: the object.
            started: what ``start`` has returned.
        """
