from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.position.deduplicator import Deduplicator
from ingest.vcenter.position.footprints import Footprint, Footprints
from tests.ingest.vcenter.events import at, event

EVENTS = st.lists(st.floats(0, 300), min_size=1, max_size=40).map(sorted)


@given(EVENTS, st.randoms(use_true_random=False), st.integers(0, 3))
def test_a_position_made_of_all_events_takes_each_later_one_and_none_again(
    times: list[float], random: object, incarnation: int
) -> None:
    written = [event(key, seconds) for key, seconds in enumerate(times)]
    found = [Footprint(incarnation, at(seconds), key) for key, seconds in enumerate(times)]
    random.shuffle(found)  # type: ignore[attr-defined]
    footprints = Footprints()
    for one in found:
        footprints.add(one)
    deduplicator = Deduplicator(footprints.checkpoint("vc1", "4c"))
    begin = deduplicator.begin(at(times[-1]))
    again = [each for each, seconds in zip(written, times, strict=True) if at(seconds) >= begin]
    assert again
    assert not any(deduplicator.take(each) for each in again)
    assert deduplicator.take(event(len(times), times[-1] + 2))
    assert incarnation == deduplicator.incarnation


def test_events_of_earlier_incarnations_are_no_part_of_it() -> None:
    footprints = Footprints()
    for one in (Footprint(0, at(99), 900), Footprint(1, at(100), 5), Footprint(0, at(200), 901)):
        footprints.add(one)
    position = footprints.checkpoint("vc1", "4c")
    assert (1, 5, 5, None, ((5, 5),)) == (
        position.incarnation,
        position.time_key,
        position.last_key,
        position.forgotten,
        position.seen,
    )


def test_of_nothing_there_is_no_position() -> None:
    with pytest.raises(ValueError, match="no event"):
        Footprints().checkpoint("vc1", "4c")
