"""How one verb differs from what its action and ``remediation`` say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.config.model import Model
from schemas.config.remediation import LONGEST_AGE
from schemas.config.units import Duration


class VerbConfig(Model):
    """The limits of one verb."""

    approval: Literal["default", "always", "never"] = Field(
        "default", description="Whether another person has to agree; default: as the action needs it."
    )
    cool_down: Duration | None = Field(
        None,
        le=LONGEST_AGE,
        description="Time in which the same action on the same machine is refused; default: none.",
    )
    max_age: Duration | None = Field(
        None, gt=0, le=LONGEST_AGE, description="Commands that are older are refused; default: remediation.max_age."
    )
