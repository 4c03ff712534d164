"""``action: destroy`` in the configuration."""

from __future__ import annotations

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.tag import Name


class DestroyParameters(Model):
    """Which machines may be deleted."""

    category: Name = Field(description="Name of the tag's category.")
    tag: Name = Field(description="Name of the tag that says that a machine may be deleted.")
