"""``type: http``: one POST per event, as a binary or structured CloudEvent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from clients.http import header_lines
from schemas.cloudevents import http
from schemas.config import Fault, HttpUrl, ReadableFile, Secret
from schemas.errors import InvalidEvent, Refused, Reject, Unavailable, Unreachable
from sinks.answers import judge, silence
from sinks.authorization import Authorization, check_login, check_secrecy
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormat, rename

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

Mode = Literal["binary", "structured"]

_OURS: Final = frozenset({"content-type", "content-length", "transfer-encoding", "host", "connection"})


def _extra_headers(headers: dict[str, str]) -> dict[str, str]:
    for name in headers:
        if name.lower() in _OURS or name.lower().startswith("ce-"):
            raise Fault(f"sets {name}, which the event itself sets", "remove that header")
        if name.lower() in {"authorization", "cookie"}:
            raise Fault(f"sets {name}, a secret", "write token_file, or username and password_file")
    try:
        header_lines(headers.items())
    except ValueError as error:
        raise Fault(str(error), "use printable ASCII") from None
    return headers


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


class HttpConfig(HttpConnectionConfig):
    """Where to post, in which form, and who we are there."""

    type: Literal["http"] = Field("http", description="Which connector.")
    url: HttpUrl = Field(description="Address that takes events: https://host/path.")
    mode: Mode = Field("binary", description="binary: attributes as ce- headers; structured: all of it as JSON.")
    headers: Annotated[dict[str, str], AfterValidator(_extra_headers)] = Field(
        {}, description="Further headers, no secrets."
    )
    token: Secret | None = Field(None, description="Bearer token.")
    username: str | None = Field(None, min_length=1, description="Account for basic authentication.")
    password: Secret | None = Field(None, description="Password of the account.")

    @model_validator(mode="after")
    def _credentials_fit(self) -> HttpConfig:
        check_login(self.username, self.password)
        if self.token is not None and self.username is not None:
            raise Fault("cannot go with a token", "keep one of the two", field="username")
        if self.token is not None or self.username is not None:
            check_secrecy(self.url, insecure=self.insecure, field="url")
        return self


class HttpSink:
    """Posts to one URL; an answer of 2xx is an accepted event."""

    Config = HttpConfig

    def __init__(self, config: HttpConfig, context: SinkContext) -> None:
        self._config = config
        self._http = context.http
        self._authorization = Authorization(token=config.token, username=config.username, password=config.password)
        self._headers = tuple(config.headers.items())
        self._encode = http.to_binary if config.mode == "binary" else http.to_structured

    async def open(self) -> None:
        """Connect without asking anything: no request is harmless to every server."""
        config = self._config
        self._authorization.headers()
        try:
            await self._http.reach(
                config.url, timeout=config.timeout, ca_file=config.ca_file, verify=not config.insecure
            )
        except Unreachable as error:
            raise Unavailable(str(error)) from None

    async def send(self, event: CloudEvent) -> None:
        """Post one event."""
        config = self._config
        try:
            message = self._encode(rename(event, config.type_format))
            response = await self._http.request(
                "POST",
                config.url,
                headers=(*message.headers, *self._headers, *self._authorization.headers()),
                body=message.body,
                timeout=config.timeout,
                ca_file=config.ca_file,
                verify=not config.insecure,
            )
        except InvalidEvent as error:
            raise Reject(str(error)) from None
        except Refused as error:
            raise Unavailable(str(error)) from None
        except Unreachable as error:
            raise silence(error) from None
        if verdict := judge(response.status, response.headers):
            raise verdict

    async def close(self) -> None:
        """Nothing to release: connections belong to the process."""
