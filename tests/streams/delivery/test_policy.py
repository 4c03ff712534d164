from __future__ import annotations

import pytest

from schemas.config import SinkConfig
from streams.delivery.policy import delay


def config(policy: str) -> SinkConfig:
    return SinkConfig.model_validate(
        {"name": "s", "type": "http", "backoff_policy": policy, "backoff_delay": "200ms", "backoff_max": "5s"}
    )


@pytest.mark.parametrize(("attempt", "expected"), [(1, 0.2), (2, 0.4), (4, 1.6), (6, 5.0), (10_000, 5.0)])
def test_exponential_pauses_double_up_to_the_maximum(attempt: int, expected: float) -> None:
    assert delay(config("exponential"), attempt) == pytest.approx(expected)


@pytest.mark.parametrize(("attempt", "expected"), [(1, 0.2), (3, 0.6), (100, 5.0)])
def test_linear_pauses_grow_by_the_delay(attempt: int, expected: float) -> None:
    assert delay(config("linear"), attempt) == pytest.approx(expected)


@pytest.mark.parametrize(("after", "expected"), [(3.0, 3.0), (0.1, 0.2), (3600.0, 5.0)])
def test_a_pause_that_the_sink_asks_for_is_kept_within_the_maximum(after: float, expected: float) -> None:
    assert delay(config("exponential"), 1, after) == pytest.approx(expected)
