"""The keys of ``type: http``."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from clients.http import HTTP2, header_lines
from schemas.config import Fault, HttpUrl, Secret, Size
from schemas.config.address import Proxy  # noqa: TC001
from schemas.config.files import ReadableFile  # noqa: TC001
from schemas.errors import Refused
from sinks.authorization import check_login, check_secrecy
from sinks.http.connection import HttpConnectionConfig
from sinks.http.rawconfig import RawConfig  # noqa: TC001
from sinks.http.secreturl import secret_url
from sinks.oauth2 import OAuth2Config  # noqa: TC001
from sinks.signature import SignatureConfig  # noqa: TC001
from sinks.tls import check_authority

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


class HttpConfig(HttpConnectionConfig):
    """Where to post, in which form, and who we are there."""

    type: Literal["http"] = Field("http", description="Which connector.")
    url: HttpUrl | None = Field(None, description="Address that takes events: https://host/path.")
    secret_url: Secret | None = Field(
        None, description="The address, where it is a secret itself, as those of chat webhooks are; may have a query."
    )
    mode: Literal["binary", "structured", "batch", "raw"] = Field(
        "binary",
        description="binary: attributes as ce- headers; structured: all of it as JSON; batch: several events as a "
        "JSON list; raw: the request that raw describes.",
    )
    batch: int = Field(
        100, ge=1, le=10_000, strict=True, description="Events in one request at most, with mode: batch."
    )
    batch_size: Size = Field(
        1024 * 1024, ge=1024, le=64 * 1024 * 1024, description="Bytes in one request of several events at most."
    )
    raw: RawConfig | None = Field(None, description="The request of mode: raw.")
    headers: Annotated[dict[str, str], AfterValidator(_extra_headers)] = Field(
        {}, description="Further headers, no secrets."
    )
    token: Secret | None = Field(None, description="Bearer token.")
    username: str | None = Field(None, min_length=1, description="Account for basic authentication.")
    password: Secret | None = Field(None, description="Password of the account.")
    oauth2: OAuth2Config | None = Field(None, description="Where to get a bearer token (client credentials).")
    signature: SignatureConfig | None = Field(None, description="A header that proves who has sent the body.")
    client_certificate_file: ReadableFile | None = Field(
        None, description="Our certificate (PEM, leaf first), for servers that ask for one; read again on change."
    )
    client_key: Secret | None = Field(None, description="The private key of our certificate (PEM, not encrypted).")
    proxy: Proxy | None = Field(
        None, description="Proxy for this sink: http://host:port; default: the environment's, never for loopback."
    )
    http2: bool = Field(default=False, description="Offer HTTP/2 to a server behind https.")

    @property
    def address(self) -> str:
        """The URL, from wherever it is kept.

        Raises:
            Refused: the secret one is gone, is no URL any more, or would be sent unencrypted; it is not quoted.
        """
        if self.secret_url is None:
            return self.url or ""
        url = secret_url(self.secret_url)
        try:
            self._check_secrecy(url, "secret_url")
        except Fault as fault:
            raise Refused(f"the secret address {fault.what}", cure=fault.cure) from None
        return url

    @model_validator(mode="after")
    def _has_one_address(self) -> HttpConfig:
        if (self.url is None) == (self.secret_url is None):
            what = "is missing" if self.url is None else "cannot go with secret_url"
            raise Fault(what, "write url, or secret_url_file where the address is a secret", field="url")
        try:
            url = self.address
        except Refused as error:
            raise Fault(error.message, error.cure or "", field="secret_url") from None
        if self._secrets and self.secret_url is None:
            self._check_secrecy(url, "url")
        return self

    @model_validator(mode="after")
    def _mode_has_what_it_needs(self) -> HttpConfig:
        if (self.mode == "raw") != (self.raw is not None):
            what = "is missing" if self.raw is None else f"has no effect with mode: {self.mode}"
            raise Fault(what, "describe the request there, and write mode: raw", field="raw")
        for key in {"batch", "batch_size"} & self.model_fields_set if self.mode != "batch" else ():
            raise Fault(f"has no effect with mode: {self.mode}", "write mode: batch", field=key)
        return self

    @model_validator(mode="after")
    def _credentials_fit(self) -> HttpConfig:
        check_login(self.username, self.password)
        ways = {"token": self.token, "username": self.username, "oauth2": self.oauth2}
        first, *others = [name for name, given in ways.items() if given is not None] or [""]
        for other in others:
            raise Fault(f"cannot go with {'a ' if first == 'token' else ''}{first}", "keep one of the two", field=other)
        if (self.client_certificate_file is None) != (self.client_key is None):
            cure = "write both client_certificate_file and client_key_file"
            raise Fault("comes without its other half", cure, field="client_certificate_file")
        if self.oauth2 is not None:
            self._check_secrecy(self.oauth2.token_url, "oauth2")
            check_authority(self.oauth2.ca_file, insecure=self.insecure, field="oauth2.ca_file")
        return self

    @model_validator(mode="after")
    def _version_is_there(self) -> HttpConfig:
        if self.http2 and not HTTP2:
            raise Fault("cannot be had: this libcurl speaks no HTTP/2", "install pycurl with nghttp2", field="http2")
        if self.http2 and urlsplit(self.address).scheme != "https":
            raise Fault("is agreed on with a server behind TLS only", "write https://, or leave it out", field="http2")
        return self

    def _check_secrecy(self, url: str, field: str) -> None:
        check_secrecy(url, insecure=self.insecure, field=field, proxied=self.proxy is not None)

    @property
    def _secrets(self) -> bool:
        raw = self.raw is not None and self.raw.secret is not None
        return raw or any(given is not None for given in (self.token, self.username, self.oauth2))
