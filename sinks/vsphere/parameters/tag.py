"""``action: tag`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.kind import Kind

LONGEST_NAME: Final = 256

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class TagParameters(Model):
    """Which tag, and whether an object has it."""

    category: Name = Field(description="Name of the tag's category.")
    tag: Name = Field(description="Name of the tag; category and tag must be there.")
    attached: bool = Field(default=True, description="Whether the object has it; false: it is detached.")
    kind: Kind = Field("VirtualMachine", description="What it is attached to.")
