"""How often a route may act for one group of events."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.config.fault import Fault
from schemas.config.match import as_tuple
from schemas.config.model import Model
from schemas.config.units import Duration, format_duration
from schemas.topics import LONGEST_THROTTLE

SHORTEST: Final = 1.0
"""Seconds of a window: time is looked at once a second."""

MOST_NAMES: Final = 8

_ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")
_DATA: Final = "data."


def _window(seconds: float) -> float:
    if seconds < SHORTEST:
        raise Fault("is shorter than a second", "write 1s or more, or leave the throttle out")
    if seconds > LONGEST_THROTTLE:
        raise Fault(
            "is longer than an hour, and what is held back keeps its place in Kafka for so long", "write 1h or less"
        )
    return seconds


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise Fault("names nothing", "name one, or leave the key out to group by partitionkey")
    if len(names) > MOST_NAMES:
        raise Fault(f"names {len(names)} values", f"name at most {MOST_NAMES}")
    for name in names:
        is_path = name.startswith(_DATA) and name != _DATA  # what it spells is checked where it is compiled
        if name == "data" or not (is_path or _ATTRIBUTE.fullmatch(name)):
            raise Fault(
                f"{name[:64]} is neither an attribute nor a path into data", "write vcenter, subject or data.Vm.Name"
            )
    return names


Window = Annotated[Duration, AfterValidator(_window)]
"""Seconds, from a second to an hour."""


class AccumulateConfig(Model):
    """So many events of a group within so long: the last of them passes."""

    count: int = Field(ge=2, le=1000, strict=True, description="How many make one that passes.")
    within: Window = Field(description="Longest time from the first to the last of them, 1s to 1h.")


class ThrottleConfig(Model):
    """How many of the events of one group pass; exactly one of the first three."""

    once_within: Window | None = Field(
        None, description="The first passes; others within this time of it do not, 1s to 1h."
    )
    once_after: Window | None = Field(
        None, description="From the first on, events are gathered for this time, then the last passes, 1s to 1h."
    )
    accumulate: AccumulateConfig | None = Field(
        None, description="Every so many within some time, the last of them passes: {count: 5, within: 1m}."
    )
    by: (
        Annotated[
            tuple[str, ...],
            BeforeValidator(as_tuple, json_schema_input_type=str | list[str]),
            AfterValidator(_names),
        ]
        | None
    ) = Field(
        None, description="What events of one group have in common: attributes, paths into data; default: partitionkey."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> ThrottleConfig:
        given = [name for name in ("once_within", "once_after", "accumulate") if getattr(self, name) is not None]
        if len(given) != 1:
            what = f"has {' and '.join(given)}" if given else "does not say how events pass"
            raise Fault(what, "write one of once_within, once_after and accumulate")
        return self

    @property
    def window(self) -> float:
        """Seconds that an event may matter to others."""
        return self.once_within or self.once_after or (self.accumulate.within if self.accumulate else 0.0)

    def __str__(self) -> str:
        by = ", ".join(self.by or ("partitionkey",))
        within = format_duration(self.window)
        if self.accumulate:
            return f"every {self.accumulate.count} within {within}, by {by}"
        return f"once {'within' if self.once_within else 'after'} {within}, by {by}"
