"""What one step of a check has found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from schemas.errors import ReflexarcError

Outcome = Literal["ok", "warning", "unknown", "failed"]

MARKS: Final[dict[Outcome, str]] = {"ok": "✓", "warning": "!", "unknown": "?", "failed": "✗"}


class Finding(NamedTuple):
    """One line of a check.

    Attributes:
        step: what was looked at.
        outcome: ``failed`` keeps events from being read; ``warning`` does not.
        what: one sentence.
        cure: what to do about it; None where nothing is to be done.
        exit_code: of the command, for this step.
    """

    step: str
    outcome: Outcome
    what: str
    cure: str | None = None
    exit_code: int = 0

    @classmethod
    def failure(cls, step: str, error: ReflexarcError) -> Self:
        """A step that an error ended."""
        return cls(step, "failed", error.message, error.cure, error.exit_code)

    @classmethod
    def untold(cls, step: str, error: ReflexarcError) -> Self:
        """A step that an error kept from finding out, without harm."""
        return cls(step, "unknown", f"cannot be told: {error.message}", error.cure)
