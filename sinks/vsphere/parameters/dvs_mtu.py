"""``action: dvs-mtu`` in the configuration."""

from __future__ import annotations

from pydantic import Field

from schemas.config import Model


class DvsMtuParameters(Model):
    """How large frames may be."""

    mtu: int = Field(ge=1280, le=9000, strict=True, description="Bytes of the largest frame that the switch takes.")
