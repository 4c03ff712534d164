"""One vCenter Server whose events are followed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from schemas.config.address import HttpUrl, is_loopback
from schemas.config.fault import Fault
from schemas.config.files import ReadableFile
from schemas.config.model import Model
from schemas.config.names import HostLikeName
from schemas.config.secret import Secret
from schemas.config.units import Duration, parse_duration


def _start_from(value: Any) -> Literal["now"] | float | datetime:
    if value == "now":
        return "now"
    with suppress(Fault):
        return parse_duration(value)
    instant = value if isinstance(value, datetime) else None
    with suppress(TypeError, ValueError):
        instant = instant or datetime.fromisoformat(value)
    if instant is None or instant.tzinfo is None:
        raise Fault("is no starting point", "write now, a time back (24h) or a timestamp (2026-01-31T06:00:00Z)")
    return instant.astimezone(UTC)


def _as_written(start: Literal["now"] | float | datetime) -> str | float:
    return start.isoformat() if isinstance(start, datetime) else start


def _sdk(url: str) -> str:
    return url.rstrip("/") + "/sdk" if urlsplit(url).path in {"", "/"} else url


StartFrom = Annotated[
    Literal["now"] | float | datetime,
    PlainValidator(_start_from),
    PlainSerializer(_as_written, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}),
]
"""``"now"``, seconds back from now, or an instant in UTC."""


class VcenterConfig(Model):
    """Where the vCenter is, who we are there, and how its events are read."""

    name: HostLikeName = Field(description="Name of the vCenter: starts event ids and partition keys.")
    url: Annotated[HttpUrl, AfterValidator(_sdk)] = Field(
        description="Address of the SOAP API: https://host/sdk; a missing path is /sdk."
    )
    username: str = Field(min_length=1, description="Account that reads events, such as reflexarc@vsphere.local.")
    password: Secret = Field(description="Password of the account.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the vCenter (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow http; for simulators only.")
    start_from: StartFrom = Field(
        "now", description="Where a new tail starts: now, a time back (24h), or a timestamp in RFC 3339."
    )
    poll: Duration = Field(0.25, gt=0, description="Pause between two reads when nothing is new.")
    timeout: Duration = Field(30.0, gt=0, description="Longest wait for one answer.")
    page: int = Field(500, ge=1, le=1000, strict=True, description="Events read per call; vCenter gives 1000 at most.")

    @model_validator(mode="after")
    def _is_verified(self) -> VcenterConfig:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.insecure and not is_loopback(parts.hostname or ""):
            raise Fault("is not encrypted", "write https://; insecure: true allows http", field="url")
        if self.insecure and self.ca_file is not None:
            raise Fault("has no effect with insecure: true", "remove one of the two", field="ca_file")
        return self
