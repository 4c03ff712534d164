from __future__ import annotations

from streams.throttling.passage import KEY, THROTTLED, onwards, towards
from streams.transport import Record
from streams.transport.tick import TICK, is_tick

EVENT = (("ce_id", b"1"), ("trace", b"x"))


def record(*headers: tuple[str, bytes], key: bytes | None = b"vc1/vm-1") -> Record:
    return Record("r.events", 0, 7, 0, key, None, headers)


def through(record: Record) -> Record:
    """The record as the throttle of a route reads it."""
    outgoing = towards("r", "storm", b"group", record, ())
    return Record(outgoing.topic, 0, 0, 0, outgoing.key, outgoing.value, outgoing.headers)


def test_a_record_has_its_key_again_behind_the_throttle() -> None:
    (passed,) = onwards("r", ["s"], through(record(*EVENT)), 3)
    assert ("r.sink.s", b"vc1/vm-1", [*EVENT, (THROTTLED, b"3")]) == (passed.topic, passed.key, passed.headers)


def test_a_record_without_a_key_has_none_behind_it_whatever_its_headers_say() -> None:
    (passed,) = onwards("r", ["s"], through(record(*EVENT, (KEY, b"another"), (THROTTLED, b"9"), key=None)), 1)
    assert (None, [*EVENT, (THROTTLED, b"1")]) == (passed.key, passed.headers)


def test_an_event_that_looks_like_a_tick_is_none() -> None:
    assert not is_tick(through(record(*EVENT, (TICK, b""))))
