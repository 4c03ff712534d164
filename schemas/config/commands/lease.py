"""For how long new machines are wanted."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.units import Duration

LONGEST = 366 * 86_400.0
"""Seconds."""


class LeaseConfig(Model):
    """When a machine is no longer wanted, unless its owner says otherwise, and what happens then."""

    for_: Duration = Field(
        14 * 86_400.0, alias="for", ge=3600, le=LONGEST, description="Time that a new machine is wanted."
    )
    longest: Duration = Field(
        90 * 86_400.0,
        ge=3600,
        le=LONGEST,
        description="Longest time from now that `lease` takes.",
    )
    warn: Duration = Field(2 * 86_400.0, le=LONGEST, description="Its owner hears of the end so long before.")
    grace: Duration = Field(
        3 * 86_400.0, le=LONGEST, description="At the end it is powered off; so long after it goes to quarantine."
    )

    @model_validator(mode="after")
    def _warns_in_time(self) -> LeaseConfig:
        if self.warn >= self.for_:
            raise Fault("is before the machine is made", "write less than for", field="warn")
        return self
