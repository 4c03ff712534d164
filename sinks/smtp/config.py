"""The keys of ``type: smtp``."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Fault, ReadableFile, Secret
from schemas.config.address import is_loopback
from schemas.templates.template import Flawed, Template
from sinks.authorization import check_login
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormatKey  # noqa: TC001 - pydantic reads it
from sinks.tls import check_authority

SUBJECT: Final = "{{ event.subject | default(event.type) }}"
BODY: Final = """\
type:   {{ event.type }}
source: {{ event.source }}
id:     {{ event.id }}
time:   {{ event.time | default("-") }}

{{ data | default(none) | tojson }}
"""
PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise Fault("is no host name", "write the name or address alone: mail.example.org")
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise Fault("is no mail address", "write it bare: operator@example.org")
    return text


def _template(source: str) -> str:
    try:
        Template(source)
    except Flawed as error:
        flaw = error.flaws[0]
        raise Fault(f"{flaw.what} (line {flaw.line} of it)", flaw.cure) from None
    return source


Address = Annotated[str, AfterValidator(_address)]
Source = Annotated[str, AfterValidator(_template)]


class SmtpConfig(SinkConfig):
    """Which server takes mail, who we are there, and what the mail says."""

    type: Literal["smtp"] = Field("smtp", description="Which connector.")
    host: Annotated[str, AfterValidator(_host)] = Field(description="Server that takes mail.")
    port: int | None = Field(
        None, ge=1, le=65_535, strict=True, description="Its port; default: 587 with starttls, 465 with tls, else 25."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is encrypted: on demand and refused without, from the start, not."
    )
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the server (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow a password without TLS.")
    username: str | None = Field(None, min_length=1, description="Account, if the server wants one.")
    password: Secret | None = Field(None, description="Password of the account.")
    sender: Address = Field(alias="from", description="Address that the mail comes from.")
    to: tuple[Address, ...] = Field(min_length=1, max_length=100, description="Addresses that it goes to.")
    subject: Source = Field(SUBJECT, description="Template of the subject; it reads event and data.")
    body: Source | None = Field(None, description="Template of the text; default: who, what, when, and the data.")
    type_format: TypeFormatKey = "vsphere"

    @property
    def server(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port or PORTS[self.security]

    @model_validator(mode="after")
    def _credentials_fit(self) -> SmtpConfig:
        check_login(self.username, self.password, colon=True)
        if self.username is not None and self.security == "none" and not (self.insecure or is_loopback(self.host)):
            cure = "write security: starttls or tls, or insecure: true where the network itself is trusted"
            raise Fault("would send the secret unencrypted", cure, field="security")
        check_authority(self.ca_file, insecure=self.insecure)
        if self.ca_file is not None and self.security == "none":
            raise Fault("has no effect with security: none", "remove one of the two", field="ca_file")
        return self
