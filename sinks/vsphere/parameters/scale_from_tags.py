"""``action: scale-from-tags`` in the configuration."""

from __future__ import annotations

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.scale import MEBIBYTE, MOST_CPUS, MOST_MEMORY, Memory


class ScaleFromTagsParameters(Model):
    """How large a machine may become, whatever its tags say."""

    max_cpus: int = Field(4, ge=1, le=MOST_CPUS, strict=True, description="A tag that says more is refused.")
    max_memory: Memory = Field(8192 * MEBIBYTE, gt=0, le=MOST_MEMORY, description="Likewise.")
