from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.control import LONGEST, UNREADABLE, InvalidControl, Pause, key, pause_of, sink_of

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PAUSE = Pause(actor="eve@host", reason="maintenance", since=NOON)


@given(
    actor=st.text(max_size=LONGEST),
    reason=st.text(max_size=LONGEST),
    since=st.datetimes(timezones=st.just(UTC)),
    paused=st.booleans(),
)
def test_what_is_written_is_read_again(*, actor: str, reason: str, since: datetime, paused: bool) -> None:
    """A record says the same after its way through Kafka."""
    pause = Pause(paused=paused, actor=actor, reason=reason, since=since)
    assert pause == Pause.decode(pause.encode())


def test_the_form_is_fixed_for_other_releases() -> None:
    """Other releases read and write this very form."""
    expected = {"v": 1, "paused": True, "actor": "eve@host", "reason": "maintenance", "since": "2026-01-02T12:00:00Z"}
    assert expected == orjson.loads(PAUSE.encode())


def test_members_of_a_later_release_are_not_looked_at() -> None:
    """A newer release may add members without a new form."""
    assert PAUSE == Pause.decode(orjson.dumps(orjson.loads(PAUSE.encode()) | {"until": "tomorrow"}))


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (b"{", "is no JSON"),
        (b"[]", "is not a record of form 1"),
        (b'{"v": 2}', "is not a record of form 1"),
        (b'{"v": 1, "since": "2026-01-02T12:00:00Z"}', "actor"),
        (b'{"v": 1, "actor": "a", "since": "2026-01-02T12:00:00"}', "since"),
        (b" " * 100_000, "has 100000 bytes instead of"),
    ],
)
def test_what_is_no_record_is_said_to_be_none(value: bytes, complaint: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(InvalidControl, match=complaint):
        Pause.decode(value)


def test_a_tombstone_and_a_record_that_says_so_mean_served() -> None:
    """There are two ways to resume a sink."""
    resumed = PAUSE.model_copy(update={"paused": False}).encode()
    assert (None, None, PAUSE) == (pause_of(None), pause_of(resumed), pause_of(PAUSE.encode()))


@given(st.binary(max_size=200).filter(lambda value: b'"v"' not in value))
def test_what_cannot_be_read_counts_as_a_pause(value: bytes) -> None:
    """Somebody meant to switch the sink off, and waiting loses nothing."""
    assert UNREADABLE == pause_of(value)


def test_a_key_names_its_sink() -> None:
    """Keys lead to sinks and back."""
    assert ("functions", b"sink/functions") == (sink_of(key("functions")), key("functions"))


@pytest.mark.parametrize("given", [None, b"", b"sink/", b"killswitch", b"sink/\xff", b"sink/" + b"x" * 300])
def test_other_keys_are_about_no_sink(given: bytes | None) -> None:
    """Keys of later releases, and those that nobody wrote, are passed by."""
    assert None is sink_of(given)
