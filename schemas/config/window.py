"""Recurring stretches of time, in a time zone that is named."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.config.fault import Fault
from schemas.config.model import Model

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Fault(f"no time zone is called {name}", "write an IANA name such as Europe/Berlin or UTC") from None
    return name


def _clock(text: Any) -> str:
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        raise Fault("is not a time of day", "write 08:00, or 24:00 for the end of the day")
    return text


def _days(value: Any) -> Any:
    """``mon-fri`` and single days, as the days they mean; a range may pass over Sunday."""
    if not isinstance(value, str | list | tuple):
        raise Fault("is not a list of days", "write [mon, tue] or mon-fri")
    if not value:
        raise Fault("names no day", "name one, or leave the key out for every day")
    days: list[str] = []
    for item in [value] if isinstance(value, str) else value:
        first, dash, last = str(item).lower().partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise Fault(f"{item} is not a day", f"write {', '.join(DAYS)}, or a range such as mon-fri")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        days += [DAYS[at % 7] for at in range(begin, end + 1 if begin <= end else end + 8)]
    return tuple(dict.fromkeys(days))


class WindowConfig(Model):
    """From one time of day to another, on some days; past midnight when the end is not after the beginning."""

    zone: Annotated[str, AfterValidator(_zone)] = Field(description="IANA time zone: Europe/Berlin, UTC.")
    days: Annotated[tuple[Day, ...], BeforeValidator(_days, json_schema_input_type=str | list[str])] = Field(
        DAYS, description="Days on which it begins: mon-fri or [sat, sun]; default: every day."
    )
    from_: Annotated[str, BeforeValidator(_clock, json_schema_input_type=str)] = Field(
        "00:00", alias="from", description="First minute, wall clock of the zone: 08:00."
    )
    to: Annotated[str, BeforeValidator(_clock, json_schema_input_type=str)] = Field(
        "24:00", description="First minute after it: 17:30; 24:00 is the end of the day."
    )

    @property
    def minutes(self) -> tuple[int, int]:
        """Beginning and end in minutes after midnight; the end is beyond 1440 when it lies on the next day."""
        begin, end = (_minutes(text) for text in (self.from_, self.to))
        return begin, end if end > begin else end + 24 * 60


def _minutes(text: str) -> int:
    if text == "24:00":
        return 24 * 60
    clock = time.fromisoformat(text)
    return clock.hour * 60 + clock.minute
