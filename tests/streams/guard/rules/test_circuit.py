from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streams.guard import Ledger
from streams.guard.rules import circuit
from tests.streams.guard.asking import NOW, question
from tests.streams.guard.decided import approved


def check(*states: str, after: float = 0, **said: Any) -> str | None:
    """Of the sink whose actions ended so, one a second, the last one now."""
    begin = NOW - len(states) + 1
    ends = [approved(i, at=begin - 9, state=each, ended=begin + i, **said) for i, each in enumerate(states)]
    return circuit.check(question(ledger=Ledger(ends), now=NOW + after))


@pytest.mark.parametrize(
    ("states", "refused"),
    [
        ((), False),
        (("failed", "failed"), False),
        (("failed", "unknown", "failed"), True),
        (("failed", "failed", "succeeded", "failed"), False),
        (("failed", "failed", "planned", "failed"), False),
        (("failed", "failed", "refused", "failed"), True),
        (("succeeded", "failed", "failed", "failed"), True),
        (("failed", "failed", "failed", "succeeded"), False),
    ],
)
def test_failures_in_a_row_open_it_until_a_success(states: tuple[str, ...], *, refused: bool) -> None:
    reason = check(*states)
    assert refused == (reason is not None and "the last 3 actions of sink act failed" in reason)


@pytest.mark.parametrize(("after", "refused"), [(1799, True), (1800, False)])
def test_it_is_open_for_some_time_after_the_last_failure(after: float, *, refused: bool) -> None:
    assert refused == (check("failed", "failed", "failed", after=after) is not None)


def test_one_more_failure_opens_it_again() -> None:
    old = [approved(i, at=NOW - 9000, state="failed", ended=NOW - 8000 + i) for i in range(3)]
    ledger = Ledger(old)
    assert circuit.check(question(ledger=ledger)) is None
    ledger.put(approved(9, state="failed", ended=NOW))
    assert "the last 4" in (circuit.check(question(ledger=ledger)) or "")


def test_other_sinks_are_not_to_blame() -> None:
    assert check("failed", "failed", "failed", sink="other") is None


def test_what_people_ask_for_is_refused_to_nobody_because_it_failed_for_somebody() -> None:
    ends = [approved(i, at=NOW - 9, state="failed", ended=NOW - 9 + i) for i in range(5)]
    of_a_sink = question(ledger=Ledger(ends))
    assert circuit.check(of_a_sink) is not None
    assert circuit.check(replace(of_a_sink, limits=replace(of_a_sink.limits, told=True))) is None
