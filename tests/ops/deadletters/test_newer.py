from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.kafka.place import Place, Stored
from ops.deadletters.newer import Newest
from tests.ops.deadletters.letters import record
from tests.ops.deadletters.written import dead

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing

TOPIC = "dc.sink.functions"


def stored(given: Outgoing, offset: int) -> tuple[Place, Stored]:
    return Place(TOPIC, 0, offset), Stored(given.key, given.value, given.headers, 0)


def newest(*given: tuple[Place, Stored]) -> Newest:
    return Newest(given, {b"vc1/vm-1"})


@pytest.mark.parametrize(("origin", "outrun"), [("0/6", True), ("0/5", False), ("0/4", False), ("1/9", False)])
def test_a_later_event_of_the_key_outruns_a_letter(origin: str, *, outrun: bool) -> None:
    """Later is what lies further on in the same partition of the events."""
    later = stored(record("dc", "functions", 9, origin=origin), 3)
    assert outrun == newest(later).outruns(dead(5, origin="0/5"))


def test_events_of_other_keys_outrun_nothing() -> None:
    """Order is a matter of one key."""
    other = stored(record("dc", "functions", 9, key=b"vc1/vm-2"), 3)
    assert not newest(other).outruns(dead(5))


@pytest.mark.parametrize(("offset", "outrun"), [(6, True), (5, False), (4, False)])
def test_a_letter_without_an_origin_is_compared_by_its_place(offset: int, *, outrun: bool) -> None:
    """It was throttled, replayed or sent again: its origin is where it lay in the sink's topic."""
    later = stored(record("dc", "functions", 9), offset)
    assert outrun == newest(later).outruns(dead(5, origin=f"{TOPIC}/0/5"))


def test_what_was_sent_again_is_not_newer() -> None:
    """It lies further on, and is old."""
    again = record("dc", "functions", 1)
    again = again._replace(headers=(*again.headers, ("reflexarc_redriven", b"dc.dlq.functions/0/0")))
    assert not newest(stored(again, 99)).outruns(dead(0, origin=f"{TOPIC}/0/5"))


@pytest.mark.parametrize("origin", ["", "5", "a/b", "vc1/0/5/x/", "0/" + "9" * 30])
def test_what_does_not_say_where_it_comes_from_is_never_outrun(origin: str) -> None:
    """Nothing is guessed."""
    later = stored(record("dc", "functions", 9), 99)
    assert not newest(later).outruns(dead(5, origin=origin or "?"))
    assert not newest(later).outruns(dead(5, key=None))
