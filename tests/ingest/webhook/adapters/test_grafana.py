from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.grafana import ADAPTER
from tests.support.adapters import changed, json_values, recorded, request, sound, spoilt

FIRING = "grafana/firing"


def test_an_alert_of_grafana_becomes_an_event_with_its_own_types_and_keys() -> None:
    (event,) = ADAPTER.adapt(request(recorded(FIRING), method="PUT"))

    assert "5b1c9a7d3e2f4860/2024-08-12T15:58:40+02:00/firing" == event.id
    assert ("com.reflexarc.grafana.alert.firing.v0", "CPU ready too high") == (event.type, event.subject)
    assert {"partitionkey": "grafana/5b1c9a7d3e2f4860", "severitytext": "high"} == event.extensions


def test_what_grafana_adds_to_alert_and_group_is_kept_and_numbers_as_they_are_spelled() -> None:
    (event,) = ADAPTER.adapt(request(recorded(FIRING)))

    data = orjson.loads(event.data)
    assert "[FIRING:1] CPU ready too high (esx-04 vsphere)" == data["group"]["title"]
    assert data["silenceURL"].startswith("https://grafana.example.com/alerting/silence")
    assert b'"values":{"A":12.50,"B":1}' in event.data


def test_alerts_that_were_cut_off_are_told_by_one_more_event() -> None:
    *_, truncated = ADAPTER.adapt(request(changed(FIRING, lambda payload: payload.update(truncatedAlerts=3))))

    assert "com.reflexarc.grafana.truncated.v0" == truncated.type


@given(spoilt(FIRING) | json_values.map(orjson.dumps) | st.binary(max_size=200))
def test_any_bytes_are_valid_events_or_refused(body: bytes) -> None:
    sound(ADAPTER, request(body))
