"""What the configuration says of an event bus."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from schemas.config import Fault, HttpUrl, Model, ReadableFile, SinkConfig, Size
from sinks.authorization import check_secrecy
from sinks.eventtype import TypeFormat
from sinks.tls import check_authority

Api = Literal["classic", "v2"]
"""``classic``: a bus with rules. ``v2``: a bus with subscribers, which keeps the order of a group."""

Mapping = Literal["cloudevent", "event-router"]
"""How an event becomes an entry; see ``sinks.eventbridge.entry``."""

ENTRIES: Final[dict[Api, int]] = {"classic": 10, "v2": 100}
"""Most entries of one call of PutEvents."""

LARGEST: Final = 1024 * 1024 - 1
"""Bytes; the entries of a call have to be smaller than 1 MiB together (user guide, since January 2026)."""

_ARN = r"arn:aws[a-z0-9-]{0,16}:events:(?P<region>[a-z0-9-]{1,32}):[0-9]{12}:"
_BUS: Final[dict[Api, re.Pattern[str]]] = {
    "classic": re.compile(rf"(?:{_ARN}event-bus/)?[A-Za-z0-9._-]{{1,256}}"),
    "v2": re.compile(rf"{_ARN}event-busv2/[A-Za-z0-9][A-Za-z0-9._-]{{0,255}}/[a-z0-9]{{25}}"),
}
_SPELLED: Final[dict[Api, str]] = {
    "classic": "write its name, or arn:aws:events:<region>:<account>:event-bus/<name>",
    "v2": "write arn:aws:events:<region>:<account>:event-busv2/<name>/<id>",
}


class OffloadConfig(Model):
    """Where data go that are too large for the bus."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", description="Name of the S3 bucket.")
    prefix: str = Field("", pattern=r"^[A-Za-z0-9!_.*'()/-]{0,512}$", description="What names of objects begin with.")
    endpoint: HttpUrl | None = Field(None, description="Address of another store that speaks S3; default: AWS.")


class EventBridgeConfig(SinkConfig):
    """Which bus, who we are there, and how an event becomes an entry."""

    type: Literal["eventbridge"] = Field("eventbridge", description="Which connector.")
    bus: str = Field("default", description="Name or ARN of the event bus; with api: v2 its ARN.")
    api: Api = Field("classic", description="Generation of the bus: classic, with rules; v2, with subscribers.")
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] | None = Field(
        None, description="AWS region; default: the ARN's, or what environment and profile say."
    )
    profile: Annotated[str, Field(min_length=1, max_length=256)] | None = Field(
        None, description="Profile of the shared AWS files; default: AWS's own search for credentials."
    )
    endpoint: HttpUrl | None = Field(None, description="Address of EventBridge; default: the region's own.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the server (PEM); default: those that come with boto3."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow http to other machines.")
    batch: int = Field(10, ge=1, le=100, strict=True, description="Events of one call; at most 10, with api: v2 100.")
    max_entry_bytes: Annotated[Size, Field(ge=1024, le=LARGEST + 1)] = Field(
        LARGEST, description="Most bytes of one entry, and of all entries of a call, counted as AWS does."
    )
    mapping: Mapping = Field(
        "cloudevent", description="cloudevent: source, type, time; event-router: the entry of the VMware event router."
    )
    type_format: TypeFormat | None = Field(
        None, description="Spelling of the type of vCenter events: vsphere, or event-router; default: the mapping's."
    )
    offload: OffloadConfig | None = Field(
        None, description="S3 bucket for the data of events that are too large; default: they are dead letters."
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> EventBridgeConfig:
        named = _BUS[self.api].fullmatch(self.bus)
        if named is None:
            raise Fault(f"is not an event bus of api: {self.api}", _SPELLED[self.api], field="bus")
        if self.region and named["region"] not in {None, self.region}:
            raise Fault("is another region than the bus's", "remove it", field="region")
        if self.batch > ENTRIES[self.api]:
            raise Fault(f"is more than a call of api: {self.api} takes", f"at most {ENTRIES[self.api]}", field="batch")
        check_authority(self.ca_file, insecure=self.insecure)
        if self.endpoint is not None:
            check_secrecy(self.endpoint, insecure=self.insecure, field="endpoint")
        if self.offload is not None and self.offload.endpoint is not None:
            check_secrecy(self.offload.endpoint, insecure=self.insecure, field="offload.endpoint")
        return self

    def home(self) -> str | None:
        """The region: as written, or the bus's; None leaves it to environment and profile."""
        named = _BUS[self.api].fullmatch(self.bus)
        return self.region or (named["region"] if named else None)

    def spelling(self) -> TypeFormat:
        """How the type of vCenter events is spelled: as written, or as the mapping goes."""
        return self.type_format or ("event-router" if self.mapping == "event-router" else "vsphere")
