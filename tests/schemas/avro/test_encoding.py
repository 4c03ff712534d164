from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastavro import schemaless_reader, validate
from hypothesis import given

from schemas.avro.encoding import Encoding
from schemas.avro.row import row
from schemas.avro.schema import Name, Schema, schema
from schemas.cloudevents import CloudEvent
from tests.schemas.cloudevents import strategies

EVENT = CloudEvent(id="1", source="/s", type="t")
OLDER = Schema.of(Path(__file__).with_name("older_event.avsc").read_bytes())
NAMES: tuple[Name, ...] = ("event", "count")


def newer() -> Schema:
    """The schema of a later release: one field more."""
    described = json.loads(schema("event").text)
    described["fields"].append({"name": "rack", "type": ["null", "string"], "default": None})
    return Schema.of(json.dumps(described))


def read(body: bytes, writer: Schema, reader: Schema) -> dict[str, Any]:
    found: Any = schemaless_reader(BytesIO(body), writer.parsed, reader.parsed)
    return dict(found)


def body(made: dict[str, Any], writer: Schema) -> bytes:
    return Encoding(writer).encode(made)[10:]


def test_a_fingerprint_is_the_one_that_the_specification_gives() -> None:
    assert "8f5c393f1ad57572" == Schema.of('"int"').fingerprint.hex()


def test_a_row_begins_with_the_mark_of_single_objects_and_the_fingerprint() -> None:
    encoded = Encoding(schema("event")).encode(row(EVENT))
    assert b"\xc3\x01" + schema("event").fingerprint == encoded[:10]


def test_with_a_registry_it_begins_with_zero_and_the_id_of_the_schema() -> None:
    encoded = Encoding(schema("event"), 258).encode(row(EVENT))
    assert (b"\0\0\0\x01\x02", body(row(EVENT), schema("event"))) == (encoded[:5], encoded[5:])


@given(strategies.events())
def test_what_is_read_is_what_was_written(event: CloudEvent) -> None:
    current = schema("event")
    assert validate(row(event), current.parsed)
    found = read(body(row(event), current), current, current)
    assert row(event) == found | {name: row(event)[name] for name in ("time", "created")}
    assert (row(event)["time"] is None) == (found["time"] is None)


@given(strategies.events())
def test_an_older_schema_reads_new_rows(event: CloudEvent) -> None:
    found = read(body(row(event), schema("event")), schema("event"), OLDER)
    names = {field["name"] for field in OLDER.parsed["fields"]} - {"time"}
    assert {name: row(event)[name] for name in names} == {name: found[name] for name in names}


@given(strategies.events())
def test_the_schema_reads_rows_of_an_older_one(event: CloudEvent) -> None:
    made = {field["name"]: row(event)[field["name"]] for field in OLDER.parsed["fields"]}
    found = read(body(made, OLDER), OLDER, schema("event"))
    assert (event.id, event.subject, None, {}) == (found["id"], found["subject"], found["host"], found["extensions"])


@given(strategies.events())
def test_the_schema_and_a_later_one_read_each_others_rows(event: CloudEvent) -> None:
    later, current = newer(), schema("event")
    forward = read(body(row(event), current), current, later)
    back = read(body(row(event) | {"rack": "r7"}, later), later, current)
    assert (None, back) == (forward.pop("rack"), forward)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_says_what_it_is_and_can_be_missing_or_is_part_of_what_a_row_is(name: Name) -> None:
    described = json.loads(schema(name).text)
    required = {field["name"] for field in described["fields"] if "default" not in field}
    identity = {"event": {"id", "source", "type"}, "count": {"start", "end", "type", "count"}}
    assert identity[name] == required
    assert all(field["doc"] for field in described["fields"])
