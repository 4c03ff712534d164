"""What the audit has heard of each action, in the order in which actions were asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streams.trail.entry import Entry
    from streams.trail.reader import Trail

ENDS: Final = ("refused", "planned", "succeeded", "failed", "unknown")
"""Steps after which nothing follows."""

_PREFIX: Final = "remediation."
_DECIDED: Final = ("parked", "approved", "refused")
LOOK: Final = 0.05


@dataclass(slots=True)
class Deed:
    """One action, as the audit tells of it.

    Attributes:
        id: of the request.
        sink: who asked.
        entity: ``vcenter/name`` of whom it is done to.
        steps: by name, in order of arrival; each as it came last.
    """

    id: str
    sink: str
    entity: str
    steps: dict[str, Entry] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return any(step in self.steps for step in ENDS)

    @property
    def outcome(self) -> str:
        """How it ended; ``-`` before that, and for what was refused by a rule."""
        ended = [step for step in ENDS if step in self.steps]
        if not ended or (ended == ["refused"] and "approved" not in self.steps):
            return "-"
        return ended[-1]

    @property
    def decided(self) -> str:
        """What was decided, by which rule, by whom: ``parked, approved by cli/anna``."""
        return ", ".join(self._decision(step) for step in _DECIDED if step in self.steps) or "nothing"

    @property
    def rule(self) -> str:
        """The guardrail that refused it; empty for none."""
        refused = self.steps.get("refused")
        return refused.text("rule") if refused else ""

    @property
    def reason(self) -> str:
        """Why it ended so, in the words of the last step."""
        return list(self.steps.values())[-1].reason if self.steps else ""

    @property
    def ended_at(self) -> float:
        """When Kafka got its last step, seconds since 1970."""
        return max((entry.arrived for entry in self.steps.values()), default=0) / 1000

    def _decision(self, step: str) -> str:
        entry = self.steps[step]
        if step == "refused":
            return f"refused by {entry.text('rule')}" if entry.text("rule") else "refused"
        by = entry.text("approver")
        return f"{step} by {by}" if by else step


class Book:
    """Follows the audit. For one thread.

    Args:
        trail: entered.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._deeds: dict[str, Deed] = {}

    def find(self, sink: str, entity: str, number: int = 0) -> Deed | None:
        """What was asked by a sink for an entity (``vcenter/name``) for the so manyth time; None before it is heard of.

        Reads on first.
        """
        found = [deed for deed in self.of(sink) if deed.entity == entity]
        return found[number] if len(found) > number else None

    def of(self, sink: str) -> list[Deed]:
        """All that a sink has asked for so far. Reads on first."""
        for entry in self._trail.read(LOOK):
            self.hear(entry)
        return [deed for deed in self._deeds.values() if deed.sink == sink]

    def hear(self, entry: Entry) -> None:
        """Take in one entry; what is not about an action is passed by."""
        given = entry.data.get("entity")
        if not entry.kind.startswith(_PREFIX) or not entry.action_id or not isinstance(given, dict):
            return
        entity = f"{given.get('vcenter')}/{given.get('name')}"
        deed = self._deeds.setdefault(entry.action_id, Deed(entry.action_id, entry.text("sink"), entity))
        deed.steps[entry.step] = entry
