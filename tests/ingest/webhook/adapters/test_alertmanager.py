from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.alertmanager import ADAPTER
from schemas.cloudevents import CloudEvent
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

BOTH = "alertmanager/firing-and-resolved"


def test_every_alert_becomes_an_event_of_its_own() -> None:
    firing, resolved = ADAPTER.adapt(request(recorded(BOTH)))

    assert (
        CloudEvent(
            id="c3a0d1f2b4e59687/2024-08-12T13:58:44.587Z/firing",
            source="/ingest/webhook/door",
            type="com.reflexarc.alertmanager.alert.firing.v0",
            subject="DatastoreAlmostFull",
            time="2024-08-12T13:58:44.587Z",
            datacontenttype="application/json",
            extensions={"partitionkey": "alertmanager/c3a0d1f2b4e59687", "severitytext": "critical"},
            data=firing.data,
        )
        == firing
    )
    assert ("com.reflexarc.alertmanager.alert.resolved.v0", "2024-08-12T13:57:55.100Z") == (
        resolved.type,
        resolved.time,
    )


def test_the_data_are_the_alert_and_what_is_said_of_its_group() -> None:
    payload = orjson.loads(recorded(BOTH))
    alerts = payload.pop("alerts")

    data = [orjson.loads(event.data) for event in ADAPTER.adapt(request(recorded(BOTH)))]

    assert [{**alert, "group": payload} for alert in alerts] == data


def test_an_alert_that_is_sent_again_has_the_same_id_and_one_that_is_resolved_another() -> None:
    def resolve(payload: dict[str, Any]) -> None:
        payload["alerts"][0] |= {"status": "resolved", "endsAt": "2024-08-12T14:00:00Z"}
        payload["groupKey"] = "another notification"

    first, again, later = (
        ADAPTER.adapt(request(body))[0].id
        for body in (recorded(BOTH), changed(BOTH, lambda payload: payload["alerts"].pop()), changed(BOTH, resolve))
    )

    assert first == again
    assert first != later


def test_an_alert_that_is_resolved_stays_in_order_with_its_beginning() -> None:
    firing = ADAPTER.adapt(request(recorded(BOTH)))[0]
    body = changed(BOTH, lambda payload: payload["alerts"][0].update(status="resolved"))

    assert firing.extensions["partitionkey"] == ADAPTER.adapt(request(body))[0].extensions["partitionkey"]


def test_alerts_that_were_cut_off_are_told_by_one_more_event() -> None:
    alert, truncated = ADAPTER.adapt(request(recorded("alertmanager/truncated")))

    assert "com.reflexarc.alertmanager.alert.firing.v0" == alert.type
    assert ("com.reflexarc.alertmanager.truncated.v0", "HostDown") == (truncated.type, truncated.subject)
    assert 17 == orjson.loads(truncated.data)["truncatedAlerts"]


def test_without_a_fingerprint_the_labels_tell_alerts_apart() -> None:
    def forget(payload: dict[str, Any]) -> None:
        for alert in payload["alerts"]:
            del alert["fingerprint"]

    def turn(payload: dict[str, Any]) -> None:
        forget(payload)
        payload["alerts"][0]["labels"] = dict(reversed(payload["alerts"][0]["labels"].items()))

    forgotten = [event.id for event in ADAPTER.adapt(request(changed(BOTH, forget)))]

    assert 2 == len(set(forgotten))
    assert forgotten == [event.id for event in ADAPTER.adapt(request(changed(BOTH, turn)))]


def test_a_name_with_line_breaks_becomes_a_subject_without() -> None:
    body = changed(BOTH, lambda payload: payload["alerts"][0]["labels"].update(alertname="Disk\nfull\x00"))

    assert "Disk full" == ADAPTER.adapt(request(body))[0].subject


def test_the_group_is_left_out_where_its_copies_would_fill_the_memory() -> None:
    def grow(payload: dict[str, Any]) -> None:
        payload["commonAnnotations"]["note"] = "x" * 100_000
        payload["alerts"] *= 100

    events = ADAPTER.adapt(request(changed(BOTH, grow)))

    assert 200 == len(events)
    assert {None} == {orjson.loads(event.data)["group"] for event in events}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda payload: payload.pop("alerts"), "alerts: required, but missing"),
        (lambda payload: payload.update(alerts={}), "alerts: must be an array"),
        (lambda payload: payload.update(alerts=[1]), "alerts[0]: must be a JSON object"),
        (lambda payload: payload.update(alerts=[{}] * 10_001), "alerts: has 10001 elements; at most 10000 are taken"),
        (lambda payload: payload["alerts"][1].pop("status"), "alerts[1].status: required, but missing"),
        (lambda payload: payload["alerts"][1].update(status="ok"), "alerts[1].status: must be one of firing, resolved"),
        (lambda payload: payload["alerts"][1].update(labels=[]), "alerts[1].labels: must be a JSON object"),
    ],
)
def test_the_error_begins_with_the_json_path_at_fault(change: object, fault: str) -> None:
    assert fault == refusal(ADAPTER, request(changed(BOTH, change)))


def test_no_alert_is_no_event() -> None:
    assert [] == ADAPTER.adapt(request(changed(BOTH, lambda payload: payload.update(alerts=[]))))


@given(spoilt(BOTH, "alertmanager/truncated") | json_values.map(orjson.dumps) | st.binary(max_size=200))
def test_any_bytes_are_valid_events_or_refused(body: bytes) -> None:
    sound(ADAPTER, request(body))
