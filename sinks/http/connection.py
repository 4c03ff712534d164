"""What every sink behind HTTP is asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from schemas.config import Fault, ReadableFile
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormat  # noqa: TC001 - pydantic reads it

Mode = Literal["binary", "structured"]
"""How one CloudEvent stands in one request."""


class HttpConnectionConfig(SinkConfig):
    """What every sink behind HTTP is asked."""

    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the server (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow secrets over http.")
    type_format: TypeFormat = Field(
        "vsphere", description="Spelling of the type of vCenter events; event-router: as the VMware event router does."
    )

    @model_validator(mode="after")
    def _authority_has_effect(self) -> HttpConnectionConfig:
        if self.insecure and self.ca_file is not None:
            raise Fault("has no effect with insecure: true", "remove one of the two", field="ca_file")
        return self
