"""What keeps failing is given a rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.units import format_duration

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse after ``failures`` of the sink's actions in a row, for ``open_for`` after the last of them.

    Not what people ask for: they see what fails, and one's broken machine is no reason to refuse another one's.
    Then its actions are let through again; one more failure is enough until one succeeds. What is
    forgotten, 8 days after its end, is in no row.
    """
    if question.limits.told:
        return None
    circuit, sink = question.limits.general.circuit, question.limits.sink.name
    failures, last = question.ledger.failures.in_a_row(sink)
    if failures < circuit.failures or not question.now - last < circuit.open_for:
        return None
    left = format_duration(max(1, round(last + circuit.open_for - question.now)))
    return f"the last {failures} actions of sink {sink} failed (circuit); see why, {left} are left"
