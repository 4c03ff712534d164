"""Why something is not done."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    """A no.

    Attributes:
        rule: the guardrail that says it, as the audit names it.
        reason: in words, with the cure where there is one.
    """

    rule: str
    reason: str
