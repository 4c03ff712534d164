"""``action: disconnect-vnic`` in the configuration."""

from __future__ import annotations

from pydantic import Field

from schemas.config import Duration, Model
from sinks.vsphere.parameters.alarm import LONGEST


class DisconnectParameters(Model):
    """For how long a machine is cut off."""

    expires: Duration | None = Field(
        None, gt=0, le=LONGEST, description="After this time its adapters are as they were again; default: never."
    )
