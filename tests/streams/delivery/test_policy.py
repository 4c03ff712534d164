from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import SinkConfig
from streams.delivery.policy import delay


def config(policy: str, after: str = "5m") -> SinkConfig:
    given = {"backoff_policy": policy, "backoff_delay": "200ms", "backoff_max": "5s", "retry_after_max": after}
    return SinkConfig.model_validate({"name": "s", "type": "http", **given})


def whole() -> float:
    return 0.0


@pytest.mark.parametrize(("attempt", "expected"), [(1, 0.2), (2, 0.4), (4, 1.6), (6, 5.0), (10_000, 5.0)])
def test_exponential_pauses_double_up_to_the_maximum(attempt: int, expected: float) -> None:
    assert delay(config("exponential"), attempt, draw=whole) == pytest.approx(expected)


@pytest.mark.parametrize(("attempt", "expected"), [(1, 0.2), (3, 0.6), (100, 5.0)])
def test_linear_pauses_grow_by_the_delay(attempt: int, expected: float) -> None:
    assert delay(config("linear"), attempt, draw=whole) == pytest.approx(expected)


@pytest.mark.parametrize(("after", "expected"), [(3.0, 3.0), (0.1, 0.2), (60.0, 60.0), (3600.0, 300.0)])
def test_a_longer_pause_that_the_sink_asks_for_is_kept_within_its_own_maximum(after: float, expected: float) -> None:
    assert delay(config("exponential"), 1, after, draw=whole) == pytest.approx(expected)


def test_a_wish_is_not_heard_when_its_maximum_is_nothing() -> None:
    assert delay(config("exponential", after="0s"), 1, 60.0, draw=whole) == pytest.approx(0.2)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 100))
def test_chance_takes_off_half_a_pause_at_most(chance: float, attempt: int) -> None:
    whole_pause = delay(config("exponential"), attempt, draw=whole)
    assert whole_pause / 2 <= delay(config("exponential"), attempt, draw=lambda: chance) <= whole_pause
