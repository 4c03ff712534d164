from __future__ import annotations

import pytest

from schemas.epoch import EARLIEST, LATEST
from streams.analytics.occurrence import LONGEST, Occurrence, Subject, occurrence
from tests.streams.analytics.records import START_MS, record


def test_an_event_counts_in_the_window_of_its_own_time() -> None:
    found = occurrence(record(0, 61.5, arrival=900), 60_000)
    assert Occurrence(Subject(START_MS + 60_000, "off", "vc1/vm-1", "vc1"), START_MS + 61_500) == found


def test_an_event_without_a_time_has_that_of_its_record() -> None:
    given = record(0, 61.5, arrival=5)
    headers = [(name, value) for name, value in given.headers if name != "ce_time"]
    found = occurrence(given._replace(headers=headers), 60_000)
    assert found is not None
    assert (START_MS, START_MS + 5_000) == (found.subject.start, found.time)


@pytest.mark.parametrize("timestamp", [-(2**63), 2**63 - 1])
def test_a_record_of_an_impossible_time_has_a_possible_one(timestamp: int) -> None:
    """A foreign producer may write any number."""
    given = record(0)
    headers = [(name, value) for name, value in given.headers if name != "ce_time"]
    found = occurrence(given._replace(headers=headers, timestamp=timestamp), 60_000)
    assert found is not None
    assert EARLIEST <= found.time <= LATEST


def test_an_event_from_before_the_epoch_is_in_a_window_too() -> None:
    given = record(0)
    headers = [(name, b"1969-12-31T23:59:59Z" if name == "ce_time" else value) for name, value in given.headers]
    found = occurrence(given._replace(headers=headers), 60_000)
    assert found is not None
    assert -60_000 == found.subject.start


def test_what_is_no_event_counts_nowhere() -> None:
    assert occurrence(record(0)._replace(headers=()), 60_000) is None


def test_a_record_without_a_key_is_about_nothing() -> None:
    found = occurrence(record(0, key=None), 60_000)
    assert found is not None
    assert found.subject.entity is None


def test_names_are_bounded() -> None:
    found = occurrence(record(0, key="x" * 10_000, type="y" * 10_000, vcenter="z" * 10_000), 60_000)
    assert found is not None
    assert [LONGEST] * 3 == [len(found.subject.entity or ""), len(found.subject.type), len(found.subject.vcenter or "")]
