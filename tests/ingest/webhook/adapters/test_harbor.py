from __future__ import annotations

import hashlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.harbor import ADAPTER, KINDS
from schemas.cloudevents import CloudEvent
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

PUSH = "harbor/push"


def test_a_notification_becomes_an_event_with_the_body_as_it_came() -> None:
    body = recorded(PUSH)

    assert [
        CloudEvent(
            id=hashlib.sha256(body).hexdigest(),
            source="/ingest/webhook/door",
            type="com.reflexarc.harbor.artifact.pushed.v0",
            subject="functions/disconnect",
            time="2023-04-03T06:04:53Z",
            datacontenttype="application/json",
            extensions={"partitionkey": "harbor/functions/disconnect"},
            data=body,
        )
    ] == ADAPTER.adapt(request(body))


@pytest.mark.parametrize(("kind", "state"), [*KINDS.items(), ("SOMETHING_NEW", "other")])
def test_every_kind_of_notification_has_its_type_and_an_unknown_one_is_not_refused(kind: str, state: str) -> None:
    (event,) = ADAPTER.adapt(request(changed(PUSH, lambda payload: payload.update(type=kind))))

    assert f"com.reflexarc.harbor.{state}.v0" == event.type


def test_a_notification_about_no_repository_has_its_kind_as_subject() -> None:
    (event,) = ADAPTER.adapt(request(recorded("harbor/replication")))

    assert ("com.reflexarc.harbor.replication.changed.v0", "REPLICATION") == (event.type, event.subject)


def test_without_its_full_name_a_repository_has_that_of_project_and_name() -> None:
    body = changed(PUSH, lambda payload: payload["event_data"]["repository"].pop("repo_full_name"))

    assert "functions/disconnect" == ADAPTER.adapt(request(body))[0].subject


@pytest.mark.parametrize("name", ["type", "event_data"])
def test_the_error_begins_with_the_json_path_at_fault(name: str) -> None:
    assert f"{name}: required, but missing" == refusal(ADAPTER, request(changed(PUSH, lambda it: it.pop(name))))


@given(spoilt(PUSH, "harbor/replication") | json_values.map(orjson.dumps) | st.binary(max_size=200))
def test_any_bytes_are_a_valid_event_or_refused(body: bytes) -> None:
    sound(ADAPTER, request(body))
