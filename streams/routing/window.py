"""Whether an event happened inside one of some recurring stretches of time, judged by its own ``time``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from schemas.config.window import DAYS
from schemas.epoch import told
from streams.filters.condition import Finding, Needs
from streams.filters.view import MISSING
from streams.filters.words import saw

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.config import WindowConfig
    from streams.filters.view import View


@dataclass(frozen=True)
class Windows:
    """Some stretches of time; an instant is inside when any of them holds it.

    A window is a stretch of the wall clock: on the day the clock goes forward an hour of it may be missing, on the
    day it goes back an hour of it comes twice, and both of them are inside.
    """

    windows: tuple[WindowConfig, ...]

    @cached_property
    def _compiled(self) -> tuple[tuple[ZoneInfo, frozenset[int], int, int], ...]:
        return tuple(
            (ZoneInfo(each.zone), frozenset(DAYS.index(day) for day in each.days), *each.minutes)
            for each in self.windows
        )

    def hold(self, instant: datetime) -> bool:
        """Whether an aware time is inside."""
        for zone, days, begin, end in self._compiled:
            try:
                local = instant.astimezone(zone)
            except OverflowError:  # before the year 1 or after 9999 there
                continue
            minute = local.hour * 60 + local.minute
            today = local.weekday()
            yesterday = (today - 1) % 7
            if (today in days and begin <= minute < end) or (yesterday in days and minute + 24 * 60 < end):
                return True
        return False

    def __str__(self) -> str:
        return ", or ".join(f"{'/'.join(w.days)} {w.from_}-{w.to} {w.zone}" for w in self.windows)

    @property
    def needs(self) -> Needs:
        """The attribute time."""
        return Needs.ATTRIBUTES


class Active(Windows):
    """Holds inside the windows; an event without a time is not inside."""

    def holds(self, view: View) -> bool:
        """Whether the event happened inside."""
        instant = happened(view)
        return instant is not None and self.hold(instant)

    def finding(self, view: View) -> Finding:
        """The windows, and when it happened."""
        return Finding("active_windows", f"happened within {self}", saw(view.attributes.get("time", MISSING)))


class Muted(Windows):
    """Holds outside the windows; an event without a time is outside."""

    def holds(self, view: View) -> bool:
        """Whether the event happened outside."""
        instant = happened(view)
        return instant is None or not self.hold(instant)

    def finding(self, view: View) -> Finding:
        """The windows, and when it happened."""
        return Finding("mute_windows", f"happened outside {self}", saw(view.attributes.get("time", MISSING)))


def happened(view: View) -> datetime | None:
    """The event's time, a leap second as the one before it; None when it has none that can be read."""
    text = view.attribute("time")
    return None if text is None else told(text)
