"""What reflexarc tells by itself is a CloudEvent like every other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from clients.kafka.notice import notice, timestamp
from schemas.cloudevents import CloudEvent, kafka

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=timezone(timedelta(hours=2)))


def told(partitionkey: str | None = None) -> Outgoing:
    data = {"actor": "eve@host"}
    return notice(
        "dc.audit",
        "com.reflexarc.x",
        name="n1",
        source="/dc.operator",
        subject="functions",
        now=NOW,
        data=data,
        partitionkey=partitionkey,
    )


def test_it_reads_back_as_the_event_that_was_meant() -> None:
    """Its time is UTC with milliseconds; what one source tells stays in order."""
    expected = CloudEvent(
        id="n1",
        source="/dc.operator",
        type="com.reflexarc.x",
        subject="functions",
        time="2026-01-02T01:04:05.678Z",
        datacontenttype="application/json",
        data=b'{"actor":"eve@host"}',
        extensions={"partitionkey": "/dc.operator"},
    )
    record = told()
    assert expected == kafka.from_message(record.headers, record.value)
    assert ("dc.audit", b"/dc.operator") == (record.topic, record.key)


def test_who_knows_a_better_key_gives_it() -> None:
    """It is the key of the record, too."""
    assert b"dc.events/3" == told("dc.events/3").key


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_is_read_back_to_the_millisecond(moment: datetime) -> None:
    """Whatever year it is in."""
    assert moment.replace(microsecond=moment.microsecond // 1000 * 1000) == datetime.fromisoformat(timestamp(moment))
