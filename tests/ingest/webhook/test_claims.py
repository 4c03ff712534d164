from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ingest.webhook.claims import Claims, reserved
from schemas.cloudevents import CloudEvent
from schemas.config import Config, KafkaConfig
from schemas.errors import InvalidEvent
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

CONFIG = Config(kafka=KafkaConfig(bootstrap="k:9092"), vcenters={"vc1": vcenter("vc1", url="https://VC1.example.org")})
STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
PLAIN = {"specversion": "1.0", "id": "1", "source": "/probe", "type": "com.example.probe"}


def event(source: str = "/probe", **extensions: Any) -> CloudEvent:
    return CloudEvent(id="1", source=source, type="com.example.probe", extensions=extensions)


def said(claims: Claims, *events: CloudEvent) -> str | None:
    """Why they are refused; None when they are not."""
    try:
        claims.check(events)
    except InvalidEvent as error:
        return error.message
    return None


@pytest.mark.parametrize("name", ["vcenter", "reflexarcreplay", "reflexarchops", "reflexarcwhatever"])
def test_a_stranger_cannot_pass_for_a_vcenter_or_for_us(name: str) -> None:
    reason = "only an endpoint with trusted: true takes events that carry this extension"
    assert f"{name}: {reason}" == said(Claims(), event(**{name: "vc1"}))
    assert None is said(Claims(trusted=True), event(**{name: "vc1"}))


@pytest.mark.parametrize(
    "source",
    [
        "https://vc1.example.org/sdk",
        "https://VC1.EXAMPLE.ORG/sdk",
        "/ingest/webhook/log-alert/notifications",
        "/Ingest/webhook/grafana",
        "/reflexarc.operator",
        "/reflexarc.decide",
    ],
)
def test_a_stranger_has_no_source_of_ours(source: str) -> None:
    kept = reserved(CONFIG)
    told = said(Claims(reserved=kept), event(source))
    assert f"source: {source!r} is that of a vCenter, or of reflexarc itself" == told
    assert None is said(Claims(trusted=True, reserved=kept), event(source))


@pytest.mark.parametrize(
    "source", ["/probe", "https://vc1.example.org/sdk/a", "/reflexarc", "/ingest", "https://vc2/sdk"]
)
def test_every_other_source_is_free(source: str) -> None:
    assert None is said(Claims(reserved=reserved(CONFIG)), event(source, partitionkey="a", site="b"))


@pytest.mark.parametrize(
    "kind",
    [
        "com.reflexarc.reply.v1",
        "com.reflexarc.remediation.parked",
        "com.reflexarc.command.v1",
        "COM.Reflexarc.reply.v2",
    ],
)
def test_a_stranger_says_nothing_in_our_words(kind: str) -> None:
    given = replace(event(), type=kind)
    assert f"type: {kind!r} is what reflexarc itself says of commands and actions" == said(Claims(), given)
    assert None is said(Claims(trusted=True), given)


@pytest.mark.parametrize("kind", ["com.reflexarc.slack.command.v0", "com.reflexarc.reply", "com.example.reply.v1"])
def test_every_other_type_is_free(kind: str) -> None:
    assert None is said(Claims(), replace(event(), type=kind))


def test_of_several_events_the_one_at_fault_is_named() -> None:
    assert str(said(Claims(), event(), event(vcenter="vc1"))).startswith("event 1: vcenter: only ")


def test_a_door_with_sources_takes_no_others_and_keeps_them() -> None:
    mine, theirs = Claims(own=("/siem/*", "/backup")), Claims(others=("/siem/*", "/backup"))
    inside, outside = ("/siem/a", "/backup"), ("/backup/b", "/other")
    assert [None, None] == [said(mine, event(source)) for source in inside]
    assert [None, None] == [said(theirs, event(source)) for source in outside]
    assert [f"source: {each!r} is none of the sources of this endpoint" for each in outside] == [
        said(mine, event(source)) for source in outside
    ]
    assert [f"source: {each!r} belongs to the senders of another endpoint" for each in inside] == [
        said(theirs, event(source)) for source in inside
    ]


async def test_what_claims_too_much_is_not_stored(serve: Serve) -> None:
    forged, siem = PLAIN | {"vcenter": "vc1"}, PLAIN | {"source": "/siem"}
    endpoints = {
        "events": {"type": "cloudevents"},
        "router": {"type": "event-router"},
        "siem": {"type": "cloudevents", "sources": ["/siem"]},
        "relay": {"type": "event-router", "trusted": True},
    }
    async with serve(endpoints=endpoints) as webhook:
        answers = [
            await webhook.post("/events", STRUCTURED, orjson.dumps(forged)),
            await webhook.post("/events", BATCH, orjson.dumps([PLAIN, forged])),
            await webhook.post("/events", STRUCTURED, orjson.dumps(siem)),
        ]
        assert [(400, "vcenter"), (400, "event 1"), (400, "source")] == [
            (answer.status, answer.problem["field"]) for answer in answers
        ]
        assert 400 == (await webhook.post("/router", STRUCTURED, orjson.dumps(forged))).status
        assert [] == webhook.publisher.records
        assert 202 == (await webhook.post("/siem", STRUCTURED, orjson.dumps(siem))).status
        assert 200 == (await webhook.post("/relay", STRUCTURED, orjson.dumps(forged))).status
        assert 2 == len(webhook.publisher.records)
