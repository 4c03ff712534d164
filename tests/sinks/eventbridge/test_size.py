from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sinks.eventbridge.size import pack, size

SIZES = st.lists(st.integers(1, 120), max_size=40).map(lambda sizes: dict(enumerate(sizes)))


def test_source_detail_type_detail_and_resources_count_by_their_utf8_bytes_and_a_time_fourteen() -> None:
    entry = {"Source": "é", "DetailType": "\N{SNOWMAN}", "Detail": '{"a":"\N{GRINNING FACE}"}'}

    assert 2 + 3 + 12 == size(entry)
    assert 2 + 3 + 12 + 14 == size(entry | {"Time": datetime.now(UTC)})
    assert 2 + 3 + 12 + 4 == size(entry | {"Resources": ["é", "ab"]})


def test_the_name_of_the_bus_does_not_count() -> None:
    assert 3 == size({"Source": "a", "DetailType": "b", "Detail": "c", "EventBusName": "ours"})


def test_what_a_bus_with_subscribers_is_told_beside_counts() -> None:
    metadata = {"EventGroupId": "g", "DeduplicationId": "dd"}

    assert 6 == size({"Source": "a", "DetailType": "b", "Detail": "c", "SystemMetadata": metadata})


@given(SIZES, st.integers(1, 10))
def test_calls_hold_every_entry_once_in_order_and_keep_both_limits(sizes: dict[int, int], most: int) -> None:
    calls = list(pack(sizes, most=most, limit=100))

    assert list(sizes) == [number for call in calls for number in call]
    assert [] == [call for call in calls if not 1 <= len(call) <= most]
    assert [] == [call for call in calls if len(call) > 1 and sum(sizes[number] for number in call) > 100]


@given(SIZES, st.integers(1, 10))
def test_no_call_is_made_that_the_one_before_had_room_for(sizes: dict[int, int], most: int) -> None:
    calls = list(pack(sizes, most=most, limit=100))

    for before, after in pairwise(calls):
        assert len(before) == most or sum(sizes[number] for number in (*before, after[0])) > 100
