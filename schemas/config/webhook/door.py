"""Whom an endpoint lets in."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.secret import Secret
from schemas.config.units import Duration
from schemas.config.webhook.network import Network

Preset = Literal["github", "grafana", "slack"]

_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")


class HmacConfig(Model):
    """The header in which a sender signs the body (HMAC-SHA-256, in hexadecimal)."""

    secret: Secret = Field(description="Key that the sender knows, too; several, one a line, while it is changed.")
    preset: Preset = Field("github", description="Whose way of signing; what is written below replaces parts of it.")
    header: str | None = Field(None, description="Header of the signature; github: X-Hub-Signature-256.")
    prefix: str | None = Field(None, max_length=20, description="What stands before the digits; github: sha256=.")
    timestamp_header: str | None = Field(
        None, description="Header with the seconds since 1970, which are signed, too: SECONDS:BODY."
    )
    window: Duration = Field(300.0, gt=0, description="How far that time may be from now.")

    @property
    def is_slack(self) -> bool:
        """Whether it is Slack's way of signing, unchanged."""
        return self.preset == "slack" and (self.header, self.prefix, self.timestamp_header) == (None, None, None)

    @model_validator(mode="after")
    def _are_headers(self) -> HmacConfig:
        for name in ("header", "timestamp_header"):
            if (value := getattr(self, name)) is not None and not _HEADER.fullmatch(value):
                raise Fault("is not the name of a header", "write letters, digits and -", field=name)
        return self


class DoorConfig(Model):
    """What a sender must show; all that is named here, together."""

    token: Secret | None = Field(None, description="Bearer token; several, one a line, while it is changed.")
    username: str | None = Field(None, min_length=1, description="Account for basic authentication.")
    password: Secret | None = Field(None, description="Password of the account; several, one a line.")
    hmac: HmacConfig | None = Field(None, description="A signature over the body.")
    path_token: Secret | None = Field(
        None, description="Last part of the path, for senders that can do nothing else; several, one a line."
    )
    certificates: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (), description="Names (DNS, URI, e-mail or common name) in the sender's certificate; needs tls.client_ca_file."
    )
    allow: tuple[Network, ...] = Field((), description="Addresses to be let in from: [10.0.0.0/8].")
    open: bool = Field(default=False, description="Let everybody in, from the network, too.")

    @property
    def proves(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.token or self.username or self.hmac or self.path_token or self.certificates or self.allow)

    @model_validator(mode="after")
    def _says_something(self) -> DoorConfig:
        if (self.username is None) != (self.password is None):
            raise Fault("is only half of an account", "give username and password_file", field="username")
        if self.username is not None and (self.token is not None or ":" in self.username):
            raise Fault("cannot be sent beside a token, nor with a colon", "keep one of the two", field="username")
        if self.proves == self.open:
            raise Fault(
                "is open and closed at once" if self.open else "asks for nothing",
                "name what a sender must show, or write open: true alone",
            )
        return self
