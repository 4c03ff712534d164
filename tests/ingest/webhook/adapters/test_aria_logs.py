from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.aria_logs import ADAPTER
from schemas.cloudevents import CloudEvent
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

MESSAGES, ROWS, BROKEN = "aria-logs/message-query", "aria-logs/aggregate-query", "aria-logs/system-notification-broken"


def test_every_message_becomes_an_event_in_the_order_of_its_machine() -> None:
    first, second, _ = ADAPTER.adapt(request(recorded(MESSAGES)))

    assert (
        CloudEvent(
            id=first.id,
            source="/ingest/webhook/door",
            type="com.reflexarc.aria-logs.alert.message.v0",
            subject="Guest reports an infection",
            time="2024-08-12T13:58:44.587Z",
            datacontenttype="application/json",
            extensions={"partitionkey": "aria-logs/test01"},
            data=first.data,
        )
        == first
    )
    assert "aria-logs/192.0.2.12" == second.extensions["partitionkey"]


def test_the_data_are_the_message_and_what_is_said_of_the_alert() -> None:
    payload = orjson.loads(recorded(MESSAGES))
    messages = payload.pop("messages")

    data = [orjson.loads(event.data) for event in ADAPTER.adapt(request(recorded(MESSAGES)))]

    assert [*({**message, "alert": payload} for message in messages), payload] == data


def test_a_message_has_the_same_id_whatever_stands_beside_it() -> None:
    first, second, _ = ADAPTER.adapt(request(recorded(MESSAGES)))
    (alone,) = ADAPTER.adapt(
        request(
            changed(MESSAGES, lambda payload: payload.update(HasMoreResults=False, messages=payload["messages"][1:]))
        )
    )

    assert second.id == alone.id
    assert first.id != second.id


def test_lines_that_are_the_same_are_told_apart() -> None:
    def repeat(payload: dict[str, Any]) -> None:
        payload["messages"] = payload["messages"][:1] * 3

    ids = [event.id for event in ADAPTER.adapt(request(changed(MESSAGES, repeat)))]

    assert [ids[0], f"{ids[0]}/2", f"{ids[0]}/3"] == ids[:3]


def test_more_results_than_were_sent_are_told_by_one_more_event() -> None:
    *_, truncated = ADAPTER.adapt(request(recorded(MESSAGES)))

    assert "com.reflexarc.aria-logs.truncated.v0" == truncated.type
    assert 12 == orjson.loads(truncated.data)["NumHits"]


def test_rows_of_an_aggregate_query_are_events_and_another_alert_with_the_same_rows_is_another() -> None:
    rows = ADAPTER.adapt(request(recorded(ROWS)))
    later = ADAPTER.adapt(request(changed(ROWS, lambda payload: payload.update(Url="https://logs.example.com/s/zzz"))))

    assert ["aria-logs/vc1", "aria-logs/vc2"] == [event.extensions["partitionkey"] for event in rows]
    assert {"com.reflexarc.aria-logs.alert.aggregate.v0"} == {event.type for event in rows}
    assert {event.id for event in rows}.isdisjoint(event.id for event in later)


def test_a_test_notification_is_no_event() -> None:
    assert [] == ADAPTER.adapt(request(recorded("aria-logs/test")))


def test_an_alert_about_too_few_hits_has_no_messages_and_is_an_event() -> None:
    body = recorded("aria-logs/too-few-hits")
    (event,) = ADAPTER.adapt(request(body))

    assert ("com.reflexarc.aria-logs.alert.message.v0", "Heartbeat is missing") == (event.type, event.subject)
    assert body == event.data


def test_the_broken_sample_of_a_system_notification_is_mended_and_kept_as_it_came() -> None:
    body = recorded(BROKEN)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)

    (event,) = ADAPTER.adapt(request(body))

    data = orjson.loads(event.data)
    assert "com.reflexarc.aria-logs.notification.v0" == event.type
    assert "Admin Alert: Worker node has returned to service  (Host = 192.0.2.7)" == event.subject
    assert "2016-03-22T16:48:40.514Z" == event.time
    assert "node 192.0.2.7.\n\tA worker node" in data["text"]
    assert body.decode() == data["raw"]


def test_the_shipped_template_is_one_event_with_the_body_as_it_came() -> None:
    body = recorded("aria-logs/template")
    (event,) = ADAPTER.adapt(request(body))

    assert ("com.reflexarc.aria-logs.alert.query.v0", "2024-08-12T13:58:44Z") == (event.type, event.time)
    assert "critical" == event.extensions["severitytext"]
    assert body == event.data


def test_a_template_with_a_text_of_two_lines_is_mended() -> None:
    (event,) = ADAPTER.adapt(request(recorded("aria-logs/template").replace(b"is infected", b"is\r\ninfected")))

    assert "A guest wrote that it is\r\ninfected" == orjson.loads(event.data)["Info"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda payload: payload.pop("AlertName"), "AlertName: required, but missing"),
        (lambda payload: payload.update(AlertName="\n"), "AlertName: must be a text or number, and not empty"),
        (lambda payload: payload.update(messages="x"), "messages: must be an array"),
        (lambda payload: payload["messages"].append("x"), "messages[2]: must be a JSON object"),
        (
            lambda payload: payload.update(messages=[{}] * 10_001),
            "messages: has 10001 elements; at most 10000 are taken",
        ),
    ],
)
def test_the_error_begins_with_the_json_path_at_fault(change: object, fault: str) -> None:
    assert fault == refusal(ADAPTER, request(changed(MESSAGES, change)))


@given(
    spoilt(MESSAGES, ROWS, "aria-logs/test", "aria-logs/too-few-hits", "aria-logs/template")
    | json_values.map(orjson.dumps)
    | st.binary(max_size=200)
)
def test_any_bytes_are_valid_events_or_refused(body: bytes) -> None:
    sound(ADAPTER, request(body))


@given(st.data())
def test_any_piece_of_the_broken_sample_is_a_valid_event_or_refused(data: st.DataObject) -> None:
    body = recorded(BROKEN)
    begin = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(begin, len(body)))

    sound(ADAPTER, request(body[:begin] + body[end:]))
