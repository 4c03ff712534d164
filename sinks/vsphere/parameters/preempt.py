"""``action: preempt`` in the configuration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.tag import Name


class PreemptParameters(Model):
    """Which machines give way, and how."""

    category: Name = Field(description="Name of the tag's category.")
    tag: Name = Field(description="Name of the tag that says that a machine may be stopped for others.")
    criticality: Literal["low", "medium", "high"] = Field(
        "low", description="low: its guest shuts itself down; medium and high: it is powered off at once."
    )
