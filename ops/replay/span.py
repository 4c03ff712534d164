"""What of each partition is read: from one offset to another, found by time or given."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from confluent_kafka import KafkaException, TopicPartition
from pydantic import Field

from clients.kafka.errors import passes, reason
from schemas.config.model import Model
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.replay.request import Request

ANSWER: Final = 10.0
"""Seconds to wait for the offsets of a partition."""

MARGIN: Final = timedelta(hours=1)
"""A vCenter's clock may be ahead of the brokers' by so much: its events arrive before they have happened."""

_PAUSE: Final = 0.1

Answer = TypeVar("Answer")


class Span(Model):
    """Offsets of one partition, the end not in it."""

    next: int = Field(ge=0, description="The first one that was not done yet.")
    end: int = Field(ge=0, description="Where reading ends.")

    @property
    def left(self) -> int:
        """Offsets that are not done; not each has to hold a record."""
        return max(0, self.end - self.next)


class Found(NamedTuple):
    """Spans by partition, and of how many partitions retention has deleted something that was asked for."""

    spans: dict[int, Span]
    begun_late: int


def spans_of(consumer: Any, topic: str, request: Request) -> Found:
    """The spans that hold whatever is asked for, as the topic stands now.

    A time is that of an event; in Kafka only arrival can be looked for. An event arrives after it has happened, so what
    is read begins an hour before ``begin``, for clocks that differ, and ends with the topic, or ``late`` after ``end``.

    Raises:
        ReflexarcError: the request names a partition or offset that is not there.
        KafkaException: the topic cannot be read.
        Unreachable: the brokers do not answer.
    """
    bounds = {number: _watermarks(consumer, topic, number) for number in _partitions(consumer, topic)}
    if request.offsets is not None:
        starts = _given(request.offsets, bounds, topic)
    elif request.begin is not None:
        starts = _arrived(consumer, topic, bounds, _before(request.begin))
    else:
        starts = {number: low for number, (low, _) in bounds.items()}
    ends = {number: high for number, (_, high) in bounds.items()}
    if request.end is not None and request.late is not None:
        ends = _arrived(consumer, topic, bounds, request.end + timedelta(seconds=request.late))
    spans = {}
    begun_late = 0
    for number, start in starts.items():
        low = bounds[number][0]
        begun_late += start < low or (request.offsets is None and start == low > 0)
        spans[number] = Span(next=max(start, low), end=max(start, low, ends[number]))
    return Found(spans, begun_late)


def lows_of(consumer: Any, topic: str, spans: Mapping[int, Span]) -> dict[int, int]:
    """The first offset that is still there, of every partition that is not done.

    Raises:
        KafkaException: the topic cannot be read.
        Unreachable: the brokers do not answer.
    """
    return {number: _watermarks(consumer, topic, number)[0] for number, span in spans.items() if span.left}


def _given(offsets: Mapping[int, int], bounds: Mapping[int, tuple[int, int]], topic: str) -> dict[int, int]:
    for number, offset in offsets.items():
        if number not in bounds:
            raise ReflexarcError(f"{topic} has no partition {number}", cure=f"it has 0 to {len(bounds) - 1}")
        if offset > bounds[number][1]:
            end = bounds[number][1]
            raise ReflexarcError(f"{topic}/{number} ends before offset {offset}", cure=f"give one of up to {end}")
    return dict(offsets)


def _before(begin: datetime) -> datetime:
    try:
        return begin - MARGIN
    except OverflowError:
        return begin


def _arrived(consumer: Any, topic: str, bounds: Mapping[int, tuple[int, int]], moment: datetime) -> dict[int, int]:
    """Of every partition the first offset that arrived then or later, or its end."""
    since = max(0, round(moment.timestamp() * 1000))
    asked = [TopicPartition(topic, number, since) for number in bounds]
    found = _patiently(lambda: consumer.offsets_for_times(asked, timeout=ANSWER))
    return {
        each.partition: min(each.offset, bounds[each.partition][1]) if each.offset >= 0 else bounds[each.partition][1]
        for each in found
    }


def _partitions(consumer: Any, topic: str) -> list[int]:
    metadata = consumer.list_topics(topic, timeout=ANSWER).topics[topic]
    if metadata.error is not None:
        raise KafkaException(metadata.error)
    return sorted(metadata.partitions)


def _watermarks(consumer: Any, topic: str, number: int) -> tuple[int, int]:
    """First offset and end of what is committed."""
    offsets = _patiently(lambda: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=ANSWER))
    if offsets is None:
        raise Unreachable(f"cannot read {topic}: Kafka does not answer")
    low, high = offsets
    return low, high


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask again while a leader moves."""
    end = monotonic() + ANSWER
    while True:
        try:
            return ask()
        except KafkaException as error:
            if not passes(reason(error)) or monotonic() > end:
                raise
            sleep(_PAUSE)
