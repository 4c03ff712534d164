from __future__ import annotations

import gc
import logging
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.inventory import EntityRecord, Heartbeat
from streams.filters.entity import Known
from streams.routing.register import Register

NOW = 1_767_355_200.0
MIB = 2**20


def record(name: str = "web-01", **members: Any) -> bytes:
    given = {
        "kind": "VirtualMachine",
        "name": name,
        "folder": "/DC0/vm/web",
        "cluster": "C0",
        "resource_pool": "Resources",
        "tags": (("env", "prod"),),
        "attributes": (("owner", "ops"),),
        "host_name": None,
        "read": datetime.fromtimestamp(NOW, UTC),
    }
    return EntityRecord.model_validate(given | members).encode()


def heartbeat(at: float = NOW, tags: float | None = NOW) -> bytes:
    return Heartbeat(
        complete_as_of=datetime.fromtimestamp(at, UTC),
        tags_as_of=None if tags is None else datetime.fromtimestamp(tags, UTC),
        entities=1,
    ).encode()


def heard(*records: tuple[bytes | None, bytes | None], **options: Any) -> Register:
    register = Register(**options)
    for key, value in records:
        register.hear(key, value, NOW)
    return register


def named(register: Register, key: str, now: float = NOW) -> str | None:
    entity = register.known(key, now).entity
    return None if entity is None else entity.name


def test_an_entity_is_known_with_the_age_of_its_vcenter() -> None:
    register = heard((b"vc1/vm-7", record()), (b"vc1/-", heartbeat(NOW - 5, NOW - 60)))
    known = register.known("vc1/vm-7", NOW + 1)
    assert ("vc1/vm-7", 6.0, 61.0) == (known.key, known.age, known.tags_age)
    assert known.entity
    assert ("web-01", "/DC0/vm/web", ("prod",), "ops") == (
        known.entity.name,
        known.entity.folder,
        known.entity.tagged("env"),
        known.entity.attribute("owner"),
    )


def test_the_same_moref_in_two_vcenters_is_two_entities() -> None:
    register = heard((b"vc1/vm-7", record("one")), (b"vc2/vm-7", record("two")))
    assert ("one", "two") == (named(register, "vc1/vm-7"), named(register, "vc2/vm-7"))


def test_a_later_record_takes_the_place_of_an_earlier_one() -> None:
    assert "new" == named(heard((b"vc1/vm-7", record("old")), (b"vc1/vm-7", record("new"))), "vc1/vm-7")


def test_a_removed_entity_is_known_for_a_while_since_events_come_behind_its_end() -> None:
    register = heard((b"vc1/vm-7", record()), (b"vc1/vm-7", None), grace=600)
    assert 0 == len(register)
    assert "web-01" == named(register, "vc1/vm-7", NOW + 600)
    assert None is named(register, "vc1/vm-7", NOW + 601)


def test_an_entity_that_comes_again_is_the_new_one() -> None:
    register = heard((b"vc1/vm-7", record("old")), (b"vc1/vm-7", None), (b"vc1/vm-7", record("new")))
    assert "new" == named(register, "vc1/vm-7")
    assert 1 == len(register)


@pytest.mark.parametrize("key", [None, "", "vc1/-", "somewhere"])
def test_what_is_about_no_entity_has_no_key(key: str | None) -> None:
    assert Known(None) == heard((b"vc1/-", heartbeat())).known(key, NOW)


def test_a_vcenter_without_a_heartbeat_has_no_age() -> None:
    register = heard((b"vc1/vm-7", record()), (b"vc2/-", heartbeat()), (b"vc2/-", None))
    assert None is register.known("vc1/vm-7", NOW).age
    assert () == register.vcenters()


def test_tags_that_cannot_be_read_have_no_age() -> None:
    register = heard((b"vc1/-", heartbeat(tags=None)))
    assert (0.0, None) == register.ages("vc1", NOW)


def test_a_clock_that_is_behind_makes_no_negative_age() -> None:
    assert (0.0, 0.0) == heard((b"vc1/-", heartbeat(NOW + 9, NOW + 9))).ages("vc1", NOW)


def test_a_record_that_cannot_be_read_makes_its_entity_unknown_and_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        register = heard((b"vc1/vm-7", record()), (b"vc1/vm-7", b"{"), (b"vc1/vm-8", b"{"), (None, b"{"))
    assert None is named(register, "vc1/vm-7")
    assert 2 == len(caplog.messages)
    assert caplog.messages[0].startswith("the inventory's record of vc1/vm-7 is no JSON")


def test_there_is_room_for_so_many_and_those_that_are_there_are_kept_current(caplog: pytest.LogCaptureFixture) -> None:
    keys = (b"vc1/vm-1", b"vc1/vm-2", b"vc1/vm-3")
    register = heard(*((key, record("old")) for key in keys), (keys[0], record("new")), most=2)
    assert ["new", "old", None] == [named(register, key.decode()) for key in keys]
    assert 1 == register.turned_away
    assert 1 == len(caplog.messages)


def test_fifty_thousand_machines_take_less_than_a_hundred_megabytes() -> None:
    def machine(number: int) -> bytes:
        return record(
            f"application-server-{number:05}",
            folder=f"/Datacenter-{number % 5}/vm/team-{number % 200}/stage-{number % 4}",
            cluster=f"cluster-{number % 40}",
            tags=tuple((f"category-{category}", f"tag-{category}-{number % (7 + category)}") for category in range(5)),
            attributes=(
                ("backup", f"2026-01-02T03:{number % 60:02}:{number % 59:02}.{number} by the nightly job"),
                ("cost centre", f"{number % 300}"),
                ("owner", f"somebody.{number % 2000}@example.org"),
            ),
            host_name=f"application-server-{number:05}.internal.example.org",
        )

    register = Register()
    gc.collect()
    tracemalloc.start()
    for number in range(50_000):
        register.hear(f"vcenter-one.example.org/vm-{number}".encode(), machine(number), NOW)
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 50_000 == len(register)
    assert used < 100 * MIB, f"{used / MIB:.0f} MiB"
