from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.config import WebhookConfig
from schemas.config.webhook import StatsConfig


@pytest.mark.parametrize(
    "url", ["http://10.0.0.7:9464", "http://10.0.0.7:9464/", "https://[::1]:9464", "http://ingest"]
)
def test_a_probe_is_named_by_its_address(url: str) -> None:
    """With a slash at the end or without."""
    assert (url.rstrip("/"),) == StatsConfig.model_validate({"probes": [url]}).probes


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.0.0.7:9464/metrics", "has a path"),
        ("10.0.0.7:9464", "is not an http or https URL"),
        ("http://u:p@10.0.0.7:9464", "holds credentials"),
        ("http://10.0.0.7:9464/?a", "has a query"),
    ],
)
def test_anything_else_is_refused(url: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        StatsConfig.model_validate({"probes": [url]})


def test_no_more_are_asked_than_can_be_asked_at_once() -> None:
    urls = [f"http://10.0.0.{number}:9464" for number in range(101)]
    assert 100 == len(StatsConfig.model_validate({"probes": urls[:100]}).probes)
    with pytest.raises(ValidationError, match="at most 100"):
        StatsConfig.model_validate({"probes": urls})


def test_the_counters_of_others_go_with_an_event_router() -> None:
    """Without such an endpoint nothing serves ``/stats``."""
    stats = {"probes": ["http://10.0.0.7:9464"]}
    given = {"stats": stats, "endpoints": {"webhook": {"type": "event-router"}}}
    assert ("http://10.0.0.7:9464",) == WebhookConfig.model_validate(given).probes
    assert () == WebhookConfig().probes
    with pytest.raises(ValidationError, match="has no effect without an endpoint of type event-router"):
        WebhookConfig.model_validate({"stats": stats})
