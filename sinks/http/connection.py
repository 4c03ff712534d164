"""What every sink behind HTTP is asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from schemas.config import ReadableFile  # noqa: TC001 - pydantic reads it
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormatKey  # noqa: TC001 - pydantic reads it
from sinks.tls import check_authority

Mode = Literal["binary", "structured"]
"""How one CloudEvent stands in one request."""


class HttpConnectionConfig(SinkConfig):
    """What every sink behind HTTP is asked."""

    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the server (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow secrets over http.")
    type_format: TypeFormatKey = "vsphere"

    @model_validator(mode="after")
    def _authority_has_effect(self) -> HttpConnectionConfig:
        check_authority(self.ca_file, insecure=self.insecure)
        return self
