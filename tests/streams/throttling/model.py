"""What throttles let pass, as plainly as it can be said: over a whole list of events, with no state."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Event(NamedTuple):
    """The number of an event is its place in the list."""

    time: int
    group: bytes


def once_within(events: Sequence[Event], window: int) -> dict[int, int]:
    """By number of an event that passes, how many it stands for."""
    passed: list[int] = []
    for number, event in enumerate(events):
        if all(events[each].group != event.group or event.time - events[each].time >= window for each in passed):
            passed.append(number)
    return dict.fromkeys(passed, 1)


def once_after(events: Sequence[Event], window: int) -> dict[int, int]:
    """The same; gatherings that have not ended at the last event are left out."""
    found: dict[int, int] = {}
    left = list(enumerate(events))
    while left:
        _, first = left[0]
        members = [number for number, each in left if each.group == first.group and each.time < first.time + window]
        left = [(number, each) for number, each in left if number not in members]
        if first.time + window <= events[-1].time:
            found[members[-1]] = len(members)
    return found


def accumulate(events: Sequence[Event], window: int, count: int) -> dict[int, int]:
    """The same."""
    found: dict[int, int] = {}
    for number, event in enumerate(events):
        used = max((each for each in found if events[each].group == event.group), default=-1)
        recent = [
            each
            for each in range(used + 1, number + 1)
            if events[each].group == event.group and events[each].time > event.time - window
        ]
        if len(recent) >= count:
            found[number] = len(recent)
    return found
