"""What became of a person's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision
    from streams.guard.refusal import Refusal


class Reply(NamedTuple):
    """One of both is there.

    Attributes:
        decision: what the answer makes of the parked request; to be stored, unless the ledger has it already because
            the same answer has come before.
        refusal: why the answer changes nothing.
    """

    decision: Decision | None = None
    refusal: Refusal | None = None
