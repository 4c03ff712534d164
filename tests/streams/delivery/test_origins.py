"""Against a model that remembers the whole log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.delivery.origins import Origins, Place, origin
from streams.transport import Record
from streams.transport.metadata import STATE_LIMIT

if TYPE_CHECKING:
    import random


def record(offset: int, source: int | None, place: int = 0, at: int = 0) -> Record:
    headers: tuple[tuple[str, bytes | None], ...] = (("ce_id", b"1"),)
    if source is not None:
        headers += (("reflexarc_origin", b"%d/%d" % (source, place)), ("reflexarc_origin_at", b"%d" % (at or place)))
    return Record("reflexarc.sink.s", 0, offset, 0, b"k", b"", headers)


def test_a_place_that_does_not_rise_is_a_repetition() -> None:
    origins = Origins()
    given = [record(1, 0, 5), record(2, 0, 6), record(3, 0, 5), record(4, 0, 6), record(5, 1, 1), record(6, 0, 7)]
    assert [True, True, False, False, True, True] == [origins.fresh(each) for each in given]


def test_a_record_without_an_origin_is_never_one() -> None:
    origins = Origins()
    assert [True, True, True] == [origins.fresh(record(offset, None)) for offset in (1, 2, 3)]


def test_of_what_is_not_finished_the_next_owner_remembers_nothing() -> None:
    origins = Origins()
    origins.fresh(record(1, 0, 5))
    assert "" == origins.state()
    assert Origins(origins.state()).fresh(record(1, 0, 5))


def test_what_is_finished_behind_an_unfinished_record_is_remembered_from_its_own_place_on() -> None:
    origins = Origins()
    for offset in (1, 2, 3):
        origins.fresh(record(offset, 0, 10 + offset))
    origins.finish(3)
    following = Origins(origins.state())
    # Record 3 is not handed out again; a repetition of it, written later, is known all the same.
    assert [True, True, False] == [following.fresh(record(*each)) for each in ((1, 0, 11), (2, 0, 12), (9, 0, 13))]


def test_a_topic_of_the_events_that_was_made_anew_is_not_taken_for_the_old_one() -> None:
    origins = Origins()
    origins.fresh(record(1, 0, 1_000, at=50_000))
    origins.finish(1)
    following = Origins(origins.state())
    fresh = [following.fresh(record(*each)) for each in ((2, 0, 0, 60_000), (3, 0, 1, 60_001), (4, 0, 0, 60_000))]
    assert [True, True, False] == fresh


@pytest.mark.parametrize("state", ["", "x", "1", "1.2", "1.2.3.4", "zz.1.1", ",,", "1.2.3,4"])
def test_a_state_that_nobody_knows_counts_as_none(state: str) -> None:
    assert Origins(state).fresh(record(1, 1, 0))


def test_a_thousand_sources_are_remembered_as_far_as_there_is_room() -> None:
    origins = Origins()
    for source in range(1_000):
        origins.fresh(record(source, source, 10**9, at=1_700_000_000_000 + source))
        origins.finish(source)
    state = origins.state()
    assert STATE_LIMIT - 30 < len(state) <= STATE_LIMIT
    assert not Origins(state).fresh(record(1_001, 999, 10**9, at=1_700_000_000_999))


@pytest.mark.parametrize(
    ("header", "expected"),
    [(b"3/7", Place(3, 7, 0)), (b"", None), (b"3", None), (b"a/7", None), (b"3/-7", None), (None, None)],
)
def test_an_origin_that_is_none_counts_as_none(header: bytes | None, expected: Place | None) -> None:
    assert expected == origin([("reflexarc_origin", header)])


@given(chance=st.randoms(use_true_random=False), crashes=st.integers(0, 5), sources=st.integers(1, 3))
def test_after_any_crashes_every_event_is_finished_once(chance: random.Random, crashes: int, sources: int) -> None:
    log = _log(chance, sources)
    finished: set[int] = set()
    passed: list[Record] = []
    state, committed = "", 0
    for crash in range(crashes + 1):
        last = crash == crashes
        origins = Origins(state)
        held: list[Record] = []
        reach = len(log) if last else chance.randint(committed, len(log))
        for each in log[committed:reach]:
            if each.offset in finished:
                continue  # as the ledger of the transport does: it is not handed out again
            if origins.fresh(each):
                held.append(each)
            else:
                finished.add(each.offset)
        chance.shuffle(held)
        for each in held if last else held[: chance.randint(0, len(held))]:
            passed.append(each)
            finished.add(each.offset)
            origins.finish(each.offset)
        state = origins.state()
        while committed in finished:
            committed += 1
    places = [origin(each.headers) for each in passed]
    assert {origin(each.headers) for each in log} == set(places)
    assert len(places) == len(set(places))


def _log(chance: random.Random, sources: int) -> list[Record]:
    """What routers write that die and come again: each source's places, with repetitions of stretches."""
    written, following = [], dict.fromkeys(range(sources), 0)
    for _ in range(chance.randint(1, 40)):
        source = chance.randrange(sources)
        following[source] = max(0, following[source] - chance.choice((0, 0, 0, 1, 3)))
        for _ in range(chance.randint(1, 4)):
            written.append((source, following[source]))
            following[source] += 1
    return [record(offset, source, place, at=place + 1) for offset, (source, place) in enumerate(written)]
