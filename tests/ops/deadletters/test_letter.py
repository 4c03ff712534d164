from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.deadletters.written import dead


def test_a_letter_says_of_itself_why_it_is_here() -> None:
    """Its headers are its story."""
    letter = dead(7, reason="gone", status="410")
    assert ("gone", "410", "1", "0/7", "dc.dlq.functions/0/7") == (
        letter.error,
        letter.status,
        letter.attempts,
        letter.place,
        letter.position,
    )
    assert ("vc1/0/7", "VmPoweredOffEvent") == (letter.attribute("id"), letter.attribute("subject"))


@pytest.mark.parametrize("said", [b"", b"yesterday", b"2026-01-02T12:00:00", b"\xff", None])
def test_a_letter_that_does_not_say_when_is_as_old_as_its_record(said: bytes | None) -> None:
    """Its arrival stands in."""
    letter = replace(dead(7), headers=(("reflexarc_failed_at", said),))
    assert datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC) == letter.failed_at


@pytest.mark.parametrize(("timestamp", "year"), [(-1, 1969), (-(2**62), 1), (2**62, 9999)])
def test_a_record_of_an_impossible_time_has_a_possible_one(timestamp: int, year: int) -> None:
    """A producer may say anything."""
    assert year == replace(dead(7), headers=(), timestamp=timestamp).failed_at.year


@given(
    headers=st.lists(st.tuples(st.sampled_from(["ce_id", "reflexarc_error", "x"]), st.none() | st.binary(max_size=9))),
    value=st.none() | st.binary(max_size=20),
)
def test_whatever_lies_in_the_topic_can_be_looked_at(
    headers: list[tuple[str, bytes | None]], value: bytes | None
) -> None:
    """No record is so broken that a listing ends."""
    letter = replace(dead(7), headers=headers, value=value)
    told = (letter.error, letter.status, letter.attempts, letter.attribute("id"), letter.attribute("subject"))
    assert all(isinstance(each, str) for each in told)
    assert letter.size >= len(value or b"")
