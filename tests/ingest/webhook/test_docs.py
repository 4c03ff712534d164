"""docs/webhook.md keeps its word."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.webhook import metrics
from ingest.webhook.adapters import log_alert
from schemas.config import WebhookConfig

if TYPE_CHECKING:
    from tests.ingest.webhook.conftest import Webhook

DOC = Path(__file__).parents[3].joinpath("docs", "webhook.md").read_text()
CURLS = re.findall(r"^curl .*(?:\n .*)*", DOC, re.MULTILINE)


@pytest.mark.parametrize("example", CURLS, ids=range(len(CURLS)))
async def test_every_curl_example_is_accepted(webhook: Webhook, example: str) -> None:
    words = shlex.split(example.replace("\\\n", ""))
    path = next(word for word in words if word.startswith("http://")).removeprefix("http://127.0.0.1:8080")
    options = list(pairwise(words))
    headers = [tuple(value.split(": ", 1)) for option, value in options if option == "-H"]
    body = next((value.encode() for option, value in options if option == "--data-binary"), b"")

    assert 202 == (await webhook.post(path, headers, body)).status


async def test_the_problem_shown_is_the_one_that_is_sent(webhook: Webhook) -> None:
    example = next(curl for curl in CURLS if "/alerts/log" in curl)
    body = shlex.split(example.replace("\\\n", ""))[-1].replace('"source": "test01"', '"source": ""')
    answer = await webhook.post("/alerts/log", {"Content-Type": "application/json"}, body.encode())

    (shown,) = re.findall(r"^```json\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)
    assert json.loads(shown) == answer.problem


def test_every_endpoint_metric_and_event_type_is_described() -> None:
    exported = (metrics.REQUESTS, metrics.EVENTS, metrics.FAILURES, metrics.PROCESS, metrics.PUBLISH_SECONDS)
    families = [family for metric in exported for family in metric.collect()]
    names = [
        *(f"POST {served.path(name)}" for served in (WebhookConfig(),) for name in served.served),
        *(family.name for family in families),
        log_alert.TYPE,
    ]

    assert [] == [name for name in names if name not in DOC]
