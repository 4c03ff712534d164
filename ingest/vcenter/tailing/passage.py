"""A way past a stretch of the log that cannot be read.

A vCenter counts a page before it leaves out what the account may not see: where a page holds nothing visible, its
cursor stands still for ever, however often it is made anew (govmomi issue 3450). Only a later beginning gets past.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vcenter.feeds.feed import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feeds.feed import Feed

STEPS: Final = 32
"""Beginnings tried across the stretch, and again across the step in which events come to light; each is a collector."""

FINEST: Final = timedelta(milliseconds=10)
"""No finer steps: no vCenter has a page of events in so short a time."""


class Passage(NamedTuple):
    """Where the log can be read again.

    Attributes:
        begin: from this creation time on.
        first: the smallest key there; None when those events cannot be decoded.
    """

    begin: datetime
    first: int | None


def find(
    feed: Feed, fresh: Callable[[Sequence[VcenterEvent]], bool], *, start: datetime, end: datetime, limit: int
) -> Passage | None:
    """The first beginning after ``start``, as far as steps can tell, from which the feed gives new events.

    The feed is left at some other place: seek.

    Args:
        feed: gives nothing new from ``start`` on.
        fresh: whether some of these events are new.
        start: by the vCenter's clock.
        end: creation time of an event that is in the log.
        limit: events to ask for.

    Returns:
        None when nothing is given at ``end`` either.
    """
    found = None
    while True:
        step = max((end - start) / STEPS, FINEST)
        for begin in _steps(start, end, step):
            if passage := _probe(feed, fresh, begin, limit):
                found = passage
                break
            start = begin
        if found is None or step == FINEST:
            return found
        end = found.begin


def _steps(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    begin = start + step
    while begin < end:
        yield begin
        begin += step
    yield end


def _probe(feed: Feed, fresh: Callable[[Sequence[VcenterEvent]], bool], begin: datetime, limit: int) -> Passage | None:
    feed.seek(begin)
    try:
        events = feed.read(limit)
    except Unreadable:
        return Passage(begin, None)
    known = [event for event in events if event.markup is None]
    return Passage(begin, min(event.key for event in known)) if known and fresh(known) else None
