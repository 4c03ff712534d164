from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clients.kafka.place import Place, Stored
from ops.trail.newest import newest
from streams.trail.entry import Entry


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=60), st.integers(1, 20))
def test_the_newest_are_kept_in_the_order_of_their_arrival(given_: list[tuple[int, int]], limit: int) -> None:
    """However the partitions come in between each other."""
    entries = [
        Entry.of(Place("t", partition, offset), Stored(None, None, (), arrived))
        for offset, (arrived, partition) in enumerate(given_)
    ]
    ordered = sorted(entries, key=lambda each: (each.arrived, each.place.partition, each.place.offset))
    assert (len(entries), ordered[-limit:]) == newest(iter(entries), limit)
