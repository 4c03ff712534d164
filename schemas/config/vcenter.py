"""One vCenter Server whose events are followed, or a recording that is played in its place."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticKnownError

from schemas.config.address import Proxy, is_loopback, parse_url
from schemas.config.day import Day
from schemas.config.fault import Fault
from schemas.config.files import ReadableFile
from schemas.config.model import Model
from schemas.config.names import HostLikeName
from schemas.config.scope import Scope
from schemas.config.secret import Secret
from schemas.config.thumbprint import Thumbprint
from schemas.config.units import Duration, parse_duration
from schemas.errors import Refused

RECORDED: Final = "recorded:"
"""How the address of a recording starts; its path follows."""

_ACCOUNT: Final[dict[str, Any]] = {
    "if": {"properties": {"url": {"pattern": f"^{RECORDED}"}}},
    "then": {"properties": dict.fromkeys(("username", "password", "password_file"), False)},
    "else": {"required": ["username"], "oneOf": [{"required": ["password"]}, {"required": ["password_file"]}]},
}


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


def _address(value: Any, info: ValidationInfo) -> str:
    if isinstance(value, str) and value.startswith(RECORDED):
        path = Scope.of(info.context).path(value.removeprefix(RECORDED)).absolute()
        if not path.exists():
            raise Fault(f"{path} does not exist", "name a recording: a file, or a folder of *.gz")
        return f"{RECORDED}{path}"
    url = parse_url(value)
    return url.rstrip("/") + "/sdk" if urlsplit(url).path in {"", "/"} else url


def _of_a_server(value: Any, info: ValidationInfo) -> Any:
    """Half of an account: a server needs it, a recording has none."""
    url = info.data.get("url")  # absent when it is at fault itself
    if url is None:
        return value
    if value is None and not url.startswith(RECORDED):
        raise PydanticKnownError("missing")
    if value is not None and url.startswith(RECORDED):
        raise Fault("has no effect on a recording", "remove it")
    return value


def _written(key: str) -> str:
    return "insecure: true" if key == "insecure" else key


class Account(NamedTuple):
    """Who we are at a vCenter."""

    username: str
    password: Secret


StartFrom = Annotated[
    Literal["now"] | float | datetime,
    PlainValidator(_start_from),
    PlainSerializer(_as_written, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}),
]
"""``"now"``, seconds back from now, or an instant in UTC."""

Address = Annotated[
    str,
    BeforeValidator(_address),
    WithJsonSchema({"type": "string", "pattern": f"^(https?://[^@?#]+|{RECORDED}.+)$"}),
]
"""URL of a SOAP API, or ``recorded:`` and the absolute path of a recording."""


class CanaryConfig(Model):
    """A synthetic event that the vCenter is asked to log now and then."""

    every: Duration = Field(gt=0, description="From one canary to the next, such as 5m: each stays in its log.")


class ActorConfig(Model):
    """Who we are where we act: an account apart from the one that reads events."""

    username: str = Field(min_length=1, description="Account that acts, such as reflexarc-actions@vsphere.local.")
    password: Secret = Field(description="Password of that account.")


class VcenterConfig(Model):
    """Where the vCenter is, who we are there, and how its events are read."""

    model_config = ConfigDict(json_schema_extra=_ACCOUNT)

    name: HostLikeName = Field(description="Name of the vCenter: starts event ids and partition keys.")
    url: Address = Field(
        description="Address of the SOAP API: https://host/sdk; a missing path is /sdk. "
        "For a first look without a vCenter, recorded:<path> plays a recording once, without an account."
    )
    username: Annotated[str | None, AfterValidator(_of_a_server)] = Field(
        None,
        min_length=1,
        validate_default=True,
        description="Account that reads events, such as reflexarc@vsphere.local.",
    )
    password: Annotated[Secret | None, AfterValidator(_of_a_server)] = Field(
        None, validate_default=True, description="Password of the account."
    )
    password_expires: Day | None = Field(
        None, description="Last day of the password, for a warning before it; vCenter does not tell a plain user."
    )
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the vCenter (PEM); default: those of the system."
    )
    thumbprint: Thumbprint | None = Field(
        None, description="SHA-256 fingerprint of the vCenter's certificate: this one and no other, whoever signed it."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow http; for simulators only.")
    proxy: Proxy | None = Field(None, description="HTTP proxy that tunnels to the vCenter (CONNECT): http://host:port.")
    start_from: StartFrom = Field(
        "now", description="Where a new tail starts: now, a time back (24h), or a timestamp in RFC 3339."
    )
    event_types: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (),
        description="Only events of these classes, with all classes derived from them, and of these EventTypeIds; "
        "default: every event.",
    )
    poll: Duration = Field(0.25, gt=0, description="Pause between two reads when nothing is new.")
    timeout: Duration = Field(30.0, gt=0, description="Longest wait for one answer.")
    page: int = Field(500, ge=1, le=1000, strict=True, description="Events read per call; vCenter gives 1000 at most.")
    actor: ActorConfig | None = Field(
        None, description="Who acts there, for sinks of type remediation; default: who reads events."
    )
    canary: CanaryConfig | None = Field(
        None, description="An event of our own now and then, which proves the way into Kafka; needs Global.LogEvent."
    )

    @model_validator(mode="after")
    def _is_verified(self) -> VcenterConfig:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.insecure and not is_loopback(parts.hostname or ""):
            raise Fault("is not encrypted", "write https://; insecure: true allows http", field="url")
        trust = [key for key in ("insecure", "thumbprint", "ca_file") if getattr(self, key)]
        if len(trust) > 1:
            raise Fault(f"has no effect with {_written(trust[0])}", "remove one of the two", field=trust[-1])
        if self.thumbprint and parts.scheme == "http":
            raise Fault("has no effect without encryption", "write https://", field="thumbprint")
        if self.proxy and parts.scheme == "http":
            raise Fault("tunnels only what is encrypted", "write https:// in url, or remove proxy", field="proxy")
        live = ("proxy", "password_expires", "canary", "event_types", "actor")
        useless = [*trust, *(key for key in live if getattr(self, key))]
        if self.recording and useless:
            raise Fault("has no effect on a recording", "remove it", field=useless[0])
        return self

    @property
    def recording(self) -> Path | None:
        """The recording that is played in place of a server, a file or a folder; None for a server."""
        return Path(self.url.removeprefix(RECORDED)) if self.url.startswith(RECORDED) else None

    @property
    def account(self) -> Account:
        """Who we are at the server.

        Raises:
            Refused: this is a recording: nobody can log in, or act there.
        """
        if self.username is None or self.password is None:
            raise Refused(
                f"vCenter {self.name} is a recording, nobody can log in there",
                cure=f"write the address of a server in vcenters.{self.name}.url",
            )
        return Account(self.username, self.password)

    @property
    def acting(self) -> VcenterConfig:
        """The same vCenter, with the account that acts there."""
        if self.actor is None:
            return self
        return self.model_copy(update={"username": self.actor.username, "password": self.actor.password})
