from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.aria_operations import ADAPTER
from schemas.cloudevents import CloudEvent
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

NEW, UPDATED, CANCELED = (f"aria-operations/{state}" for state in ("new", "updated", "canceled"))
ALERT = "0b6ad5b1-6d5c-4f0c-9f53-6fb1f5f6a7c8"
RESOURCE = "9ab1c1d4-37a0-4a2c-8f5e-1f0f6c1b2a3d"
TEMPLATE = Path(__file__).parents[4].joinpath("deploy", "webhook", "aria-operations.json").read_text()


def test_a_new_alert_becomes_an_event_with_the_body_as_it_came() -> None:
    body = recorded(NEW)

    assert [
        CloudEvent(
            id=f"{ALERT}/new/1723471124587",
            source="/ingest/webhook/door",
            type="com.reflexarc.aria-operations.alert.new.v0",
            subject="Datastore is running out of disk space",
            time="2024-08-12T13:58:44.587Z",
            datacontenttype="application/json",
            extensions={
                "partitionkey": f"aria-operations/{RESOURCE}",
                "severitytext": "ALERT_CRITICALITY_LEVEL_CRITICAL",
            },
            data=body,
        )
    ] == ADAPTER.adapt(request(body))


def test_updates_and_the_end_of_an_alert_have_ids_of_their_own_and_keep_their_order() -> None:
    events = [
        ADAPTER.adapt(request(recorded(name), method=method, tail=ALERT))[0]
        for name, method in ((NEW, "POST"), (UPDATED, "PUT"), (CANCELED, "PUT"))
    ]

    assert [
        (f"{ALERT}/new/1723471124587", "com.reflexarc.aria-operations.alert.new.v0", "2024-08-12T13:58:44.587Z"),
        (
            f"{ALERT}/updated/1723471424000",
            "com.reflexarc.aria-operations.alert.updated.v0",
            "2024-08-12T14:03:44.000Z",
        ),
        (
            f"{ALERT}/canceled/1723475000123",
            "com.reflexarc.aria-operations.alert.canceled.v0",
            "2024-08-12T15:03:20.123Z",
        ),
    ] == [(event.id, event.type, event.time) for event in events]
    assert 1 == len({event.extensions["partitionkey"] for event in events})


@pytest.mark.parametrize("name", [UPDATED, CANCELED])
def test_the_method_does_not_matter_where_the_alert_says_what_it_is(name: str) -> None:
    posted, put = (ADAPTER.adapt(request(recorded(name), method=method)) for method in ("POST", "PUT"))

    assert posted == put


def test_the_id_in_the_path_counts_where_the_body_has_none() -> None:
    body = changed(NEW, lambda payload: payload.pop("alertId"))

    assert "4711/new/1723471124587" == ADAPTER.adapt(request(body, tail="4711"))[0].id
    assert "alertId: required, but missing" == refusal(ADAPTER, request(body))


def test_a_test_notification_is_no_event() -> None:
    assert [] == ADAPTER.adapt(request(recorded("aria-operations/sample"), method="PUT", tail="test"))


def test_an_alert_of_old_releases_without_a_name_has_its_subtype_as_subject() -> None:
    body = changed(NEW, lambda payload: payload.pop("alertName"))

    assert "ALERT_SUBTYPE_CAPACITY_PROBLEM" == ADAPTER.adapt(request(body))[0].subject


def test_the_shipped_template_filled_in_is_an_alert_even_with_texts_of_several_lines() -> None:
    values = {"ALERT_ID": ALERT, "ALERT_STATUS": "ACTIVE", "CREATE_TIME": "1723471124587", "RESOURCE_ID": RESOURCE}
    values |= {"UPDATE_TIME": "", "ALERT_DEFINITION": "Datastore is full", "ALERT_DEFINITION_DESCRIPTION": "one\ntwo"}
    body = re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], "-"), TEMPLATE).encode()

    (event,) = ADAPTER.adapt(request(body))

    assert (f"{ALERT}/new/1723471124587", "2024-08-12T13:58:44.587Z") == (event.id, event.time)
    assert ("Datastore is full", f"aria-operations/{RESOURCE}") == (event.subject, event.extensions["partitionkey"])
    data = orjson.loads(event.data)
    assert ("one\ntwo", body.decode()) == (data["info"], data["raw"])


@given(
    spoilt(NEW, UPDATED, CANCELED, "aria-operations/sample") | json_values.map(orjson.dumps) | st.binary(max_size=200),
    st.sampled_from(["POST", "PUT"]),
    st.text(max_size=20),
)
def test_any_bytes_are_a_valid_event_or_refused(body: bytes, method: str, tail: str) -> None:
    sound(ADAPTER, request(body, method=method, tail=tail))
