from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from schemas.cloudevents import json
from schemas.errors import Reject
from sinks.rabbitmq.message import to_message
from sinks.rabbitmq.routing import SHORT
from tests.sinks.bench import event

LONG = "x" * (SHORT + 1)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_headers_are_every_attribute_as_text() -> None:
    given = event(extensions={"number": 7, "flag": True, "blob": b"\0", "text": "é"})

    expected = {
        "ce-specversion": "1.0",
        "ce-id": "vc1/i1/1",
        "ce-source": "https://vc1.example/sdk",
        "ce-type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "ce-subject": "VmPoweredOffEvent",
        "ce-time": "2026-11-20T09:36:17.913365487Z",
        "ce-datacontenttype": "application/json",
        "ce-number": "7",
        "ce-flag": "true",
        "ce-blob": "AA==",
        "ce-text": "é",
    }
    assert expected == to_message(given, "cloudevent", "q").headers


def test_identity_that_does_not_fit_into_a_property_is_hashed_and_other_text_left_out() -> None:
    one = to_message(event(id=LONG, type=LONG, extensions={"correlationid": LONG}), "cloudevent", "q")
    two = to_message(event(id=LONG + "y"), "cloudevent", "q")

    assert (64, None, None) == (len(one.message_id), one.type, one.correlation_id)
    assert one.message_id != two.message_id


def test_every_source_and_id_makes_another_identity() -> None:
    pairs = [("https://x#1", "2"), ("https://x", "1#2"), ("https://x%231", "2"), ("https://x%25231", "2")]

    identities = {to_message(event(source=source, id=number), "cloudevent", "q").message_id for source, number in pairs}

    assert 4 == len(identities)
    assert "https://x#1#2" in identities


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ({"correlationid": "chain-1", "traceparent": TRACE}, "chain-1"),
        ({"correlationid": LONG, "traceparent": TRACE}, TRACE),
        ({"correlationid": 7}, "vc1/i1/1"),
        ({}, "vc1/i1/1"),
    ],
)
def test_a_message_is_tied_to_its_chain_else_to_its_trace_else_to_its_event(
    extensions: dict[str, str | int], expected: str
) -> None:
    assert expected == to_message(event(extensions=extensions), "cloudevent", "q").correlation_id


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-20T09:36:17.913365487Z", datetime(2026, 11, 20, 9, 36, 17, 913365, UTC)),
        ("2026-11-20t09:36:17+02:00", datetime(2026, 11, 20, 7, 36, 17, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("9999-12-31T23:59:59-23:59", None),
        ("1970-01-01T00:00:00+01:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("0000-01-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_a_timestamp_is_the_time_of_the_event_where_amqp_has_it(time: str | None, expected: datetime | None) -> None:
    assert expected == to_message(event(time=time), "cloudevent", "q").timestamp


def test_attributes_that_would_not_fit_one_frame_are_rejected() -> None:
    with pytest.raises(Reject, match="do not fit"):
        to_message(event(extensions={"huge": "x" * 65_536}), "cloudevent", "q")


class TestBody:
    def test_is_the_whole_event_as_json_unless_asked_otherwise(self) -> None:
        message = to_message(event(), "cloudevent", "q")

        assert (json.dumps(event()), "application/cloudevents+json", "utf-8") == (
            message.body,
            message.content_type,
            message.content_encoding,
        )

    def test_may_be_the_message_of_the_seed(self) -> None:
        message = to_message(event(), "seed", "notifications")

        assert ("notifications", "application/json") == (orjson.loads(message.body)["origin"], message.content_type)


class TestSeed:
    @pytest.mark.parametrize(
        ("data", "message", "full_message", "source"),
        [
            (
                {
                    "origin": "x",
                    "event": {"message": "Alert", "metadata": {"full_message": "line", "source": "test01"}},
                },
                "Alert",
                "line",
                "test01",
            ),
            (
                {"message": "Alert", "full_message": "<13>1 I am infected", "source": "test01"},
                "Alert",
                "<13>1 I am infected",
                "test01",
            ),
            ({"AlertName": "Infected", "text": "line", "hostname": "h1"}, "Infected", "line", "h1"),
            ({"FullFormattedMessage": "off", "Vm": {"Name": "web-1"}, "Host": {"Name": "esx"}}, "off", "off", "web-1"),
            ({"Vm": None, "Host": {"Name": "esx"}, "message": ""}, "VmPoweredOffEvent", "VmPoweredOffEvent", "esx"),
        ],
    )
    def test_says_what_happened_on_which_machine(
        self, data: dict[str, Any], message: str, full_message: str, source: str
    ) -> None:
        expected = {
            "origin": "notifications",
            "event": {
                "event_id": "vc1/i1/1",
                "created_on": "2026-11-20T09:36:17.913365487Z",
                "message": message,
                "metadata": {"full_message": full_message, "source": source},
            },
        }
        assert expected == orjson.loads(to_message(event(data=orjson.dumps(data)), "seed", "notifications").body)

    @pytest.mark.parametrize("data", [b'{"source": 3}', b"{}", b"[]", b"{", None])
    def test_cannot_be_told_without_a_machine(self, data: bytes | None) -> None:
        with pytest.raises(Reject, match=r"names no machine|not a JSON object"):
            to_message(event(data=data), "seed", "q")
