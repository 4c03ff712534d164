"""The keys of ``type: vrops``."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Duration, Fault, HttpUrl, ReadableFile, Secret, VcenterName
from sinks.authorization import check_secrecy
from sinks.base import SinkConfig
from sinks.template import TemplateText  # noqa: TC001 - pydantic reads it
from sinks.tls import check_authority

SERVICE = "/suite-api"
"""What every path of the API begins with."""


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Fault("is no instance UUID", "write it as the vCenter does: 8-4-4-4-12 hexadecimal digits") from None


class VropsConfig(SinkConfig):
    """Which Aria Operations, who we are there, and what becomes of a host."""

    type: Literal["vrops"] = Field("vrops", description="Which connector.")
    url: HttpUrl = Field(description="Address of Aria Operations: https://host; /suite-api follows by itself.")
    username: str = Field(min_length=1, description="Account that may read and maintain hosts.")
    password: Secret = Field(description="Password of the account.")
    auth_source: str | None = Field(
        None, min_length=1, description="Where the account is kept, as Aria Operations calls it; default: local users."
    )
    token_scheme: Literal["vRealizeOpsToken", "OpsToken"] = Field(
        "vRealizeOpsToken", description="How the token is announced: OpsToken to VCF Operations 9."
    )
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the server (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow secrets over http.")
    mode: Literal["enter", "exit", "follow"] = Field(
        "follow",
        description="enter, exit: maintenance begins, or ends, for the host of any event; follow: it begins with "
        "EnteredMaintenanceModeEvent and ends with ExitMaintenanceModeEvent.",
    )
    duration: Duration | None = Field(
        None, ge=60, description="How long maintenance lasts, in whole minutes; it then ends by itself."
    )
    end: TemplateText | None = Field(
        None, description="When it ends by itself, made of the event: a time in RFC 3339 (`{data.Until}`)."
    )
    force: bool = Field(default=False, description="End a maintenance that we have not begun, too.")
    instance_uuids: dict[VcenterName, Annotated[str, AfterValidator(_uuid)]] = Field(
        {}, description="Instance UUIDs by vCenter; default: each vCenter is asked for its own, once."
    )

    @property
    def service(self) -> str:
        """The URL that paths follow."""
        return self.url.rstrip("/").removesuffix(SERVICE) + SERVICE

    @model_validator(mode="after")
    def _connection_fits(self) -> VropsConfig:
        check_authority(self.ca_file, insecure=self.insecure)
        check_secrecy(self.url, insecure=self.insecure, field="url")
        return self

    @model_validator(mode="after")
    def _end_fits(self) -> VropsConfig:
        given = [key for key in ("duration", "end") if getattr(self, key) is not None]
        if len(given) > 1:
            raise Fault("cannot go with duration", "keep one of the two", field="end")
        if given and self.mode == "exit":
            raise Fault("has no effect with mode: exit", "remove it", field=given[0])
        if self.duration is not None and self.duration % 60:
            raise Fault("is no whole number of minutes", "write minutes or hours: 90m, 4h", field="duration")
        return self
