from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.github import ADAPTER
from schemas.cloudevents import CloudEvent
from tests.support.adapters import json_values, recorded, refusal, request, sound, spoilt

DELIVERY = ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
ISSUES, PUSH = ("X-GitHub-Event", "issues"), ("X-GitHub-Event", "push")


def test_a_delivery_becomes_an_event_with_the_body_as_it_came() -> None:
    body = recorded("github/issue-opened")

    assert [
        CloudEvent(
            id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
            source="/ingest/webhook/door",
            type="com.reflexarc.github.issues.opened.v0",
            subject="example/runbooks",
            datacontenttype="application/json",
            extensions={"partitionkey": "github/example/runbooks"},
            data=body,
        )
    ] == ADAPTER.adapt(request(body, ISSUES, DELIVERY))


def test_a_delivery_without_an_action_has_a_type_without_one_whatever_the_case_of_its_headers() -> None:
    (event,) = ADAPTER.adapt(request(recorded("github/push"), ("x-github-event", "push"), ("X-GITHUB-DELIVERY", "1")))

    assert "com.reflexarc.github.push.v0" == event.type


def test_a_ping_is_no_event() -> None:
    assert [] == ADAPTER.adapt(request(recorded("github/ping"), ("X-GitHub-Event", "ping"), DELIVERY))


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ((DELIVERY,), "X-GitHub-Event: required, but missing"),
        ((PUSH,), "X-GitHub-Delivery: required, but missing"),
        ((("X-GitHub-Event", "a b"), DELIVERY), "X-GitHub-Event: 'a b' is not what GitHub sends"),
        ((PUSH, ("X-GitHub-Delivery", "")), "X-GitHub-Delivery: '' is not what GitHub sends"),
    ],
)
def test_the_error_begins_with_the_header_at_fault(headers: tuple[tuple[str, str], ...], fault: str) -> None:
    assert fault == refusal(ADAPTER, request(recorded("github/push"), *headers))


@given(
    spoilt("github/push", "github/issue-opened", "github/ping")
    | json_values.map(orjson.dumps)
    | st.binary(max_size=99),
    st.sampled_from(["push", "ping"]) | st.text(max_size=70),
    st.text(max_size=130),
)
def test_any_request_is_a_valid_event_or_refused(body: bytes, kind: str, delivery: str) -> None:
    sound(ADAPTER, request(body, ("X-GitHub-Event", kind), ("X-GitHub-Delivery", delivery)))
