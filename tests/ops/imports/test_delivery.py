from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.imports import delivery
from ops.imports.part import Part
from ops.imports.trigger_keys import DeliveryKeys
from schemas.config.document import Document
from schemas.config.units import LONGEST_SECONDS
from sinks.knative import KnativeConfig
from streams.delivery.policy import delay


def settings(**keys: Any) -> Part:
    part = Part({})
    delivery.apply(DeliveryKeys.model_validate(keys), part, Document(), ("spec", "delivery"))
    return part


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, {}),
        ({"retry": 0}, {"retry": 0}),
        ({"backoffPolicy": "linear", "backoffDelay": "PT0.5S"}, {"backoff_policy": "linear", "backoff_delay": "500ms"}),
        ({"backoffDelay": "PT1H"}, {"backoff_delay": "1h", "backoff_max": "1h"}),
        ({"backoffDelay": "P1DT2H3M4S"}, {"backoff_delay": "1d2h3m4s", "backoff_max": "1d2h3m4s"}),
        ({"backoffMax": "PT10S"}, {"backoff_max": "10s"}),
        (
            {"backoffDelay": "PT1S", "backoffMax": "PT10S", "retry": 9},
            {"retry": 9, "backoff_delay": "1s", "backoff_max": "10s"},
        ),
        ({"timeout": "PT20S"}, {"timeout": "20s"}),
        ({"retryAfterMax": "PT10S"}, {"retry_after_max": "10s"}),
        ({"retryAfterMax": "PT0S"}, {"retry_after_max": "0s"}),
        ({"format": "json"}, {"mode": "structured"}),
        ({"format": "binary"}, {"mode": "binary"}),
    ],
)
def test_delivery_is_written_as_the_settings_of_a_sink(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected == settings(**keys).settings


@given(
    policy=st.sampled_from(["linear", "exponential"]),
    retry=st.integers(0, 1000),
    milliseconds=st.integers(1, 10_000),
)
def test_pauses_are_as_long_as_knatives_and_the_settings_are_right(policy: str, retry: int, milliseconds: int) -> None:
    part = settings(retry=retry, backoffPolicy=policy, backoffDelay=f"PT{milliseconds / 1000}S")
    sink = KnativeConfig.model_validate({"name": "s", "uri": "http://x", **part.settings})
    for attempt in range(1, min(retry, 12) + 1):
        factor = attempt if policy == "linear" else 2 ** (attempt - 1)
        assert milliseconds / 1000 * factor == pytest.approx(delay(sink, attempt, draw=lambda: 0.0), rel=1e-9)


def test_what_a_sink_cannot_say_is_told() -> None:
    part = settings(retry=5000, deadLetterSink={"uri": "http://x"})
    assert {"retry": 1000} == part.settings
    assert ["spec.delivery.retry", "spec.delivery.deadLetterSink"] == [point.where for point in part.points]


@given(seconds=st.integers(0, 10**9))
def test_how_long_a_receiver_may_ask_for_is_kept_as_far_as_a_sink_goes(seconds: int) -> None:
    part = settings(retryAfterMax=f"PT{seconds}S")
    sink = KnativeConfig.model_validate({"name": "s", "uri": "http://x", **part.settings})
    assert min(seconds, LONGEST_SECONDS) == sink.retry_after_max
