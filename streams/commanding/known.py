"""What is known of an action from the audit: enough to say how it stands, and to answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from streams.trail.entry import Entry

LONGEST: Final = 300
"""Characters of a reason that are kept."""

LAST: Final = frozenset({"refused", "planned", "succeeded", "failed", "unknown", "warned"})
"""Steps that nothing follows."""

WARNED: Final = "command.warned"
"""Kind of the record that says that an owner has heard of the end of a lease; so it counts as an action."""

STEPS: Final = frozenset(
    {"requested", "parked", "approved", "refused", "started", "planned", "succeeded", "failed", "unknown"}
)
"""What the audit says of how an action stands; an answer in vain, a forgery or an undo that is due change nothing."""


class Known(NamedTuple):
    """One action, at its last step.

    Attributes:
        id: of the action.
        step: the last one: ``requested`` … ``succeeded``; or ``warned``.
        at: when that was, as the audit writes it.
        action: what is done.
        entity: name of whom it is done to; empty where that was not found.
        vcenter: where; likewise.
        person: who has asked for it in person; empty where an event did.
        verb: of the command; likewise.
        reason: in words.
        command: id of the command that has asked for it in person; of an undo another one than the action's.
    """

    id: str
    step: str
    at: str
    action: str
    entity: str
    vcenter: str
    person: str
    verb: str
    reason: str
    command: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Self | None:
        """What a record of the audit says of one; None where it says nothing of any."""
        kind, _, step = entry.kind.partition(".")
        told = entry.kind == WARNED or (kind == "remediation" and step in STEPS)
        if not told or not entry.action_id or entry.event is None:
            return None
        entity, command = _object(entry.data.get("entity")), _object(entry.data.get("command"))
        return cls(
            entry.action_id,
            entry.step,
            entry.event.time or "",
            entry.action,
            str(entity.get("name", "")),
            str(entity.get("vcenter", "")),
            str(command.get("person", "")),
            str(command.get("verb", "")),
            entry.reason[:LONGEST],
            str(command.get("id", "")),
        )

    @property
    def goes_on(self) -> bool:
        """Whether another step is to come."""
        return self.step not in LAST

    def __str__(self) -> str:
        about = self.entity or "-"
        why = f": {self.reason}" if self.reason else ""
        return f"{self.id}  {self.verb or self.action} {about}  {self.step}{why}  ({self.at})"


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
