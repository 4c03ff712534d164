"""``action: lease`` in the configuration."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.making import Instant, Owner


class LeaseParameters(Model):
    """Until when a machine is wanted."""

    lease: Annotated[Instant, Field(min_length=1)] = Field(description="Until when, as RFC 3339 has it.")
    owner: Owner = Field("", description="Whose it must be, as its extra configuration says; default: anybody's.")
