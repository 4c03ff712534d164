"""How `reflexarc ingest inventory` reads the vCenters."""

from __future__ import annotations

from pydantic import Field

from schemas.config.model import Model
from schemas.config.units import Duration


class IngestInventoryConfig(Model):
    """How often what a vCenter does not report by itself is read again."""

    tags_every: Duration = Field(60.0, gt=0, description="From one reading of the tags to the next.")
    full_every: Duration = Field(
        3600.0, gt=0, description="From one reading of everything to the next, should a change ever go unreported."
    )
