"""``action: storage-move`` in the configuration."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from schemas.config import Model, Size
from sinks.vsphere.parameters.names import Patterns

GIBIBYTE: Final = 2**30


class StorageMoveParameters(Model):
    """Where a machine's files go, and how much must stay free there."""

    to: Patterns = Field(
        (), description="Names of datastores it should be on, with * and ?; default: any that has headroom."
    )
    headroom: Size = Field(20 * GIBIBYTE, description="What stays free of a datastore, at least.")
    headroom_percent: int = Field(20, ge=0, le=99, strict=True, description="Likewise, in percent of its capacity.")
