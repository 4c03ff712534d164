from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.vrni import ADAPTER
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

ALL = "vrni/problems-and-application"
PROBLEM = "10000:1510:1039284196565982187"


def test_every_message_becomes_an_event_problems_first() -> None:
    assert [
        ("problem.opened", "KubernetesBaseEvent", "2021-09-13T11:18:56.194Z", f"vrni/{PROBLEM}"),
        ("problem.updated", "KubernetesBaseEvent", "2021-09-13T11:18:56.194Z", f"vrni/{PROBLEM}"),
        ("problem.closed", "ProblemEvent", "2021-11-02T11:05:49.136Z", "vrni/10000:80245:5859298202830249904"),
        ("application.updated", "3TierApp02", None, "vrni/10000:561:271275765"),
    ] == [
        (
            event.type.removeprefix("com.reflexarc.vrni.").removesuffix(".v0"),
            event.subject,
            event.time,
            event.extensions["partitionkey"],
        )
        for event in ADAPTER.adapt(request(recorded(ALL)))
    ]


def test_the_data_are_the_message_and_the_severity_is_known() -> None:
    payload = orjson.loads(recorded(ALL))

    opened, updated, *_, application = ADAPTER.adapt(request(recorded(ALL)))

    assert payload["EntityMessageList"][0] == orjson.loads(opened.data)
    assert payload["ApplicationMessageList"][0] == orjson.loads(application.data)
    assert "CRITICAL" == updated.extensions["severitytext"]


def test_a_message_that_is_sent_again_has_the_same_id_and_another_update_another() -> None:
    def alone(payload: dict[str, Any]) -> None:
        payload["EntityMessageList"] = payload["EntityMessageList"][1:2]

    def worse(payload: dict[str, Any]) -> None:
        alone(payload)
        payload["EntityMessageList"][0]["entity"]["message"] = "It is worse"

    _, first, *_ = ADAPTER.adapt(request(recorded(ALL)))

    assert first.id.startswith(f"{PROBLEM}/updated/")
    assert first.id == ADAPTER.adapt(request(changed(ALL, alone)))[0].id
    assert first.id != ADAPTER.adapt(request(changed(ALL, worse)))[0].id


@pytest.mark.parametrize(
    ("entity", "status", "type_"),
    [
        ({"entity_type": "ProblemEvent"}, "SOMETHING", "com.reflexarc.vrni.problem.v0"),
        ({"entity_type": "ProblemEvent"}, None, "com.reflexarc.vrni.problem.v0"),
        ({"entity_type": "VirtualMachine"}, "UPDATE", "com.reflexarc.vrni.entity.updated.v0"),
        ({"entity_type": "Flow"}, None, "com.reflexarc.vrni.entity.v0"),
    ],
)
def test_what_is_no_problem_or_has_no_known_status_is_not_dropped(
    entity: dict[str, Any], status: object, type_: str
) -> None:
    body = orjson.dumps({"EntityMessageList": [{"entity": entity, "status": status}]})

    assert [type_] == [event.type for event in ADAPTER.adapt(request(body))]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda payload: payload.clear(),
            "EntityMessageList: required, but missing, and so is ApplicationMessageList",
        ),
        (
            lambda payload: payload["EntityMessageList"][1].pop("entity"),
            "EntityMessageList[1].entity: required, but missing",
        ),
        (
            lambda payload: payload["ApplicationMessageList"][0].update(info=1),
            "ApplicationMessageList[0].info: must be a JSON object",
        ),
        (
            lambda payload: payload.update(ApplicationMessageList=[{"info": {}}] * 9_998),
            "ApplicationMessageList: there are more than 10000 messages in all",
        ),
    ],
)
def test_the_error_begins_with_the_json_path_at_fault(change: object, fault: str) -> None:
    assert fault == refusal(ADAPTER, request(changed(ALL, change)))


@given(spoilt(ALL) | json_values.map(orjson.dumps) | st.binary(max_size=200))
def test_any_bytes_are_valid_events_or_refused(body: bytes) -> None:
    sound(ADAPTER, request(body))
