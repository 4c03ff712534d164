from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.demo.tally import Tally, tally, total

NAMES = st.sampled_from("abcdef")


def test_first_arrivals_are_delivered_and_the_rest_are_duplicates() -> None:
    counted = tally("s", {"a": 1.0, "b": 1.0, "c": 1.0}, [("a", 1.1), ("b", 1.3), ("a", 9.0), ("a", 9.5)])
    assert (3, 2, 1, 2) == (counted.sent, counted.delivered, counted.lost, counted.duplicates)


def test_what_was_not_sent_does_not_count() -> None:
    assert Tally("s", 1, 0, 1, 0, None, None) == tally("s", {"a": 1.0}, [("stranger", 2.0)])


def test_latency_is_that_of_the_first_arrival_in_milliseconds() -> None:
    counted = tally("s", {"a": 1.0}, [("a", 1.25), ("a", 5.0)])
    assert (250.0, 250.0) == (counted.p50, counted.p99)


def test_percentiles_lie_between_the_latencies() -> None:
    sent = {str(number): 0.0 for number in range(101)}
    counted = tally("s", dict(sent), [(name, int(name) / 1000) for name in sent])
    assert pytest.approx((50.0, 99.0)) == (counted.p50, counted.p99)


def test_a_time_that_is_not_known_counts_for_no_latency() -> None:
    counted = tally("s", {"a": None, "b": 1.0}, [("a", 7.0), ("b", 1.5)])
    assert (2, 500.0) == (counted.delivered, counted.p50)
    assert tally("s", {"a": None}, [("a", 7.0)]).p50 is None


@given(st.sets(NAMES), st.lists(NAMES))
def test_everything_sent_is_delivered_or_lost_and_every_arrival_is_counted(sent: set[str], got: list[str]) -> None:
    counted = tally("s", dict.fromkeys(sent, 0.0), [(name, 1.0) for name in got])
    assert counted.sent == counted.delivered + counted.lost
    assert sum(name in sent for name in got) == counted.delivered + counted.duplicates


def test_a_total_sums_counts_and_has_no_latency() -> None:
    rows = [Tally("a", 3, 2, 1, 5, 1.0, 2.0), Tally("b", 4, 4, 0, 1, 9.0, 9.0)]
    assert Tally("all", 7, 6, 1, 6, None, None) == total(rows)


def test_a_total_of_nothing_is_nothing() -> None:
    assert Tally("all", 0, 0, 0, 0, None, None) == total([])
