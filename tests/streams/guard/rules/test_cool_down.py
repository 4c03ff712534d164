from __future__ import annotations

from typing import Any

import pytest

from streams.guard import Ledger
from streams.guard.rules import cool_down
from tests.streams.guard.asking import NOW, question, request, sink
from tests.streams.guard.decided import approved, parked, slot


def check(*decisions: Any, now: float = NOW, sinks: dict[str, Any] | None = None, **said: Any) -> str | None:
    asked = request("other")
    return cool_down.check(question(asked, Ledger(decisions), now=now, sink=sink(**(sinks or {})), **said))


@pytest.mark.parametrize(("after", "refused"), [(0, True), (899, True), (900, False)])
@pytest.mark.parametrize("state", ["succeeded", "failed", "unknown", "refused", "planned"])
def test_the_same_is_refused_for_some_time_after_its_end(after: float, state: str, *, refused: bool) -> None:
    reason = check(approved(1, at=NOW - 500, state=state, ended=NOW), now=NOW + after)
    assert refused == (reason is not None and "less than 15m ago (cool_down)" in reason)


@pytest.mark.parametrize(("after", "refused"), [(0, True), (86_400, True), (86_400 + 899, True), (86_400 + 900, False)])
def test_the_same_is_refused_while_it_is_under_way_but_not_for_ever(after: float, *, refused: bool) -> None:
    assert refused == (check(approved(1), now=NOW + after) is not None)


def test_one_that_began_before_may_be_the_last_one_to_end() -> None:
    first = approved(1, at=NOW - 50)
    second = approved(2, at=NOW - 40, state="succeeded", ended=NOW - 30)
    assert check(first, second, cool_down=10) is not None
    ended = first.model_copy(update={"state": "failed", "ended": NOW - 15})
    assert check(ended, second, cool_down=10) is None
    assert check(second, ended, cool_down=20) is not None


@pytest.mark.parametrize("other", [slot(action="power-off"), slot(entity="vc1/vm-2"), slot(entity="vc2/vm-1")])
def test_another_action_or_entity_has_a_cool_down_of_its_own(other: Any) -> None:
    assert check(approved(1, on=other), parked(2, on=other)) is None


def test_one_that_is_parked_counts() -> None:
    assert "waits for approval already (0000000000000001)" in (check(parked(1)) or "")


def test_when_it_is_asked_again_it_is_not_in_its_own_way() -> None:
    mine, other = parked(1), parked(2)
    asked = request("e1", id=mine.id)
    assert cool_down.check(question(asked, Ledger([mine, other]))) is None
    assert cool_down.check(question(asked, Ledger([mine, approved(2)]))) is not None


def test_the_sink_may_have_one_of_its_own() -> None:
    ended = approved(1, state="succeeded", ended=NOW - 60)
    assert check(ended, sinks={"cool_down": 60}) is None
    assert check(ended, sinks={"cool_down": 61}, cool_down=0) is not None


def test_without_a_cool_down_nothing_is_refused() -> None:
    assert check(approved(1), parked(2), cool_down=0) is None


def test_a_clock_that_was_put_back_opens_nothing() -> None:
    assert check(approved(1, at=NOW + 50, state="succeeded", ended=NOW + 60)) is not None
