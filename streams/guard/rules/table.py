"""The order in which guardrails are asked: the cheapest and most absolute first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.guard.refusal import Refusal
from streams.guard.rules import (
    age,
    allow,
    approval,
    asked,
    blast_radius,
    builtin,
    circuit,
    cool_down,
    deny,
    edge,
    kind,
    maintenance,
    memory,
    own,
    pause,
    replay,
    target,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.guard.question import Question


class Rule(NamedTuple):
    """One guardrail.

    Attributes:
        name: as the audit has it.
        check: answers None, or why it refuses: a sentence that goes without the name, with the cure where there is one.
            Pure; changes nothing.
        again: whether it is asked once more when a person approves: what it looks at may have changed since.
    """

    name: str
    check: Callable[[Question], str | None]
    again: bool = False


RULES: Final = (
    Rule("sink", asked.check, again=True),
    Rule("memory", memory.check),
    Rule("target", target.check),
    Rule("pause", pause.check, again=True),
    Rule("replay", replay.check),
    Rule("own-event", own.check),
    Rule("edge", edge.check),
    Rule("age", age.check),
    Rule("kind", kind.check, again=True),
    Rule("built-in-deny", builtin.check, again=True),
    Rule("deny", deny.check, again=True),
    Rule("allow", allow.check, again=True),
    Rule("window", window.check, again=True),
    Rule("cool-down", cool_down.check, again=True),
    Rule("circuit", circuit.check, again=True),
    Rule("maintenance", maintenance.check, again=True),
    Rule("blast-radius", blast_radius.check, again=True),
    Rule("approval", approval.check),
)

LASTING: Final = frozenset({"sink", "target", "kind", "built-in-deny", "deny", "allow"})
"""Names of those that look at the configuration and the object alone."""


def refusal(question: Question, *, again: bool = False) -> Refusal | None:
    """The first no; None when every guardrail lets it pass.

    Args:
        question: what is asked.
        again: whether a person has approved it, and only what may have changed is asked.
    """
    for rule in RULES:
        if (rule.again or not again) and (reason := rule.check(question)) is not None:
            return Refusal(rule.name, reason)
    return None


def lasting(question: Question) -> Refusal | None:
    """The first no of the guardrails that look at the configuration and the object alone."""
    for rule in RULES:
        if rule.name in LASTING and (reason := rule.check(question)) is not None:
            return Refusal(rule.name, reason)
    return None
