from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import inventory
from schemas.inventory import LARGEST, EntityRecord, Heartbeat, InvalidInventory

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def entity(**members: Any) -> EntityRecord:
    given = {
        "kind": "VirtualMachine",
        "name": "web-01",
        "folder": "/DC0/vm/web",
        "cluster": "C0",
        "resource_pool": "Resources",
        "tags": (("env", "prod"),),
        "attributes": (("owner", "ops"),),
        "host_name": "web-01.example",
        "read": NOON,
    }
    return EntityRecord.model_validate(given | members)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=50)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), max_size=5).map(tuple)


@given(
    st.builds(
        entity,
        name=TEXTS,
        folder=st.none() | st.lists(TEXTS.map(lambda text: "/" + text.replace("/", ""))).map("".join),
        cluster=st.none() | TEXTS,
        tags=PAIRS,
        attributes=PAIRS,
    )
)
def test_an_entity_comes_back_as_it_was(record: EntityRecord) -> None:
    assert record == EntityRecord.decode(record.encode())


def test_a_heartbeat_comes_back_as_it_was() -> None:
    heartbeat = Heartbeat(complete_as_of=NOON, tags_as_of=None, entities=7)
    assert heartbeat == Heartbeat.decode(heartbeat.encode())


def test_a_record_reads_well_for_people() -> None:
    assert {
        "v": 1,
        "kind": "VirtualMachine",
        "name": "web-01",
        "folder": "/DC0/vm/web",
        "cluster": "C0",
        "resource_pool": "Resources",
        "tags": [["env", "prod"]],
        "attributes": [["owner", "ops"]],
        "host_name": "web-01.example",
        "read": "2026-01-02T12:00:00Z",
    } == orjson.loads(entity().encode())


def test_the_time_of_reading_makes_no_difference_and_everything_else_does() -> None:
    assert entity().digest() == entity(read=NOON.replace(hour=13)).digest()
    others = [
        {"name": "x"},
        {"folder": None},
        {"tags": ()},
        {"attributes": ()},
        {"host_name": None},
        {"kind": "Folder"},
    ]
    assert 7 == len({entity(**other).digest() for other in [{}, *others]})


def test_members_that_a_later_release_adds_are_passed_over() -> None:
    value = orjson.dumps({**orjson.loads(entity().encode()), "moon": "full"})
    assert entity() == EntityRecord.decode(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"{", "is no JSON"),
        (b"[]", "not a record of form 1"),
        (b'{"v":2}', "not a record of form 1"),
        (b'{"v":1}', "kind: Field required"),
        (b" " * (LARGEST + 1), "instead of 262144 at most"),
        (orjson.dumps({**orjson.loads(entity().encode()), "name": 7}), "name: Input should be a valid string"),
        (orjson.dumps({**orjson.loads(entity().encode()), "folder": "vm"}), "folder: String should match"),
        (orjson.dumps({**orjson.loads(entity().encode()), "folder": "/a" * 65}), "folder: String should match"),
        (orjson.dumps({**orjson.loads(entity().encode()), "read": "2026-01-02"}), "read: Input should"),
    ],
)
def test_a_value_that_is_no_record_is_refused_with_the_reason(value: bytes, reason: str) -> None:
    with pytest.raises(InvalidInventory, match=reason):
        EntityRecord.decode(value)


def test_an_entity_that_is_too_large_is_not_told() -> None:
    with pytest.raises(InvalidInventory, match="at most 262144 are told"):
        entity(attributes=tuple((str(number), "x" * 4096) for number in range(100))).encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("vc1/vm-7", ("vc1", "vm-7")), ("vc1/-", ("vc1", "-")), ("vc1", None), ("/vm-7", None), ("vc1/", None)],
)
def test_a_key_is_a_vcenter_and_a_moref(text: str, expected: tuple[str, str] | None) -> None:
    assert expected == inventory.split(text)
    assert expected is None or text == inventory.key(*expected)
