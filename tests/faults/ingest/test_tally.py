from __future__ import annotations

from datetime import datetime

from tests.faults.ingest.reader import Identity, Seen
from tests.faults.ingest.tally import Tally, in_flight, tally
from tests.support.canned.client import Held
from tests.support.canned.control import OVERSIZE


def moment(key: int, epoch: int = 0) -> str:
    return f"2026-11-28T12:0{epoch}:{key:02}.100000Z"


def held(*keys: int, epoch: int = 0, entity: str | None = "vm-1", name: str = "E", own: str = "") -> list[Held]:
    return [
        Held((epoch, index), key, moment(key, epoch), entity, name, own, at=float(key))
        for index, key in enumerate(keys)
    ]


def seen(*keys: int, epoch: int = 0, partition: int = 0, start: int = 0) -> list[Seen]:
    return [
        Seen(
            Identity("vc1", key, datetime.fromisoformat(moment(key, epoch))),
            f"vc1/{epoch}/{key}",
            partition,
            offset,
            at=key + 0.5,
        )
        for offset, key in enumerate(keys, start)
    ]


def test_every_event_once_and_in_order_is_no_damage() -> None:
    assert Tally(3, 0, 0, 0, 0) == tally({"vc1": held(1, 2, 3)}, seen(1, 2, 3))


def test_what_nobody_saw_is_lost_and_what_nobody_held_is_strange() -> None:
    assert (1, 0, 0, 1) == tally({"vc1": held(1, 2)}, seen(1, 3)).damage


def test_an_event_or_an_id_that_is_there_twice_is_doubled() -> None:
    assert (0, 1, 0, 0) == tally({"vc1": held(1, 2)}, seen(1, 2, 2)).damage
    reused = [record._replace(id="vc1/0/1") for record in seen(1, epoch=1, start=1)]
    assert (0, 1, 0, 0) == tally({"vc1": held(1) + held(1, epoch=1)}, seen(1) + reused).damage


def test_keys_that_start_anew_are_other_events() -> None:
    lists = {"vc1": held(1, 2) + held(1, 2, epoch=1)}
    assert (0, 0, 0, 0) == tally(lists, seen(1, 2) + seen(1, 2, epoch=1, start=2)).damage


def test_an_event_behind_a_later_one_of_its_entity_is_out_of_order() -> None:
    assert (0, 0, 1, 0) == tally({"vc1": held(1, 2, 3)}, seen(1, 3, 2)).damage
    apart = {"vc1": held(1) + [event._replace(place=(0, 1)) for event in held(2, entity="vm-2")]}
    assert (0, 0, 0, 0) == tally(apart, seen(2, 1)).damage


def test_an_entity_has_one_partition() -> None:
    assert (0, 0, 1, 0) == tally({"vc1": held(1, 2)}, seen(1) + seen(2, partition=1)).damage


def test_events_about_our_sessions_may_be_left_out_and_oversize_ones_cannot_be_there() -> None:
    for lists in ({"vc1": held(1, own="session")}, {"vc1": held(1, name=OVERSIZE)}):
        assert Tally(0, 0, 0, 0, 0) == tally(lists, [])
    assert Tally(0, 0, 0, 0, 0) == tally({"vc1": held(1, own="session")}, seen(1))


def test_in_flight_is_what_was_held_and_not_seen() -> None:
    assert 2 == in_flight({"vc1": held(1, 2, 3, 9)}, seen(1, 2, 3), 3.2) + in_flight({"vc1": held(1)}, [], 5.0)
