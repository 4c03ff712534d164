"""Whom to ask and how to get there: everything that the requests of one caller have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

KEEP: Final = 64 * 1024  # bytes of a response body


class Channel(NamedTuple):
    """How a server is reached; handles and connections are shared only within equal ones.

    Attributes:
        ca_file: trust these authorities (PEM) instead of the system's.
        verify: whether to check certificate and host name at all.
        certificate: who we are, PEM, leaf first; changed bytes make new connections.
        key: the certificate's private key, PEM, not encrypted.
        proxy: ``http://host:port`` for every host; None: what the environment says, and never for loopback.
        http2: offer HTTP/2 to a server behind TLS; otherwise HTTP/1.1 alone is spoken.
    """

    ca_file: str | None = None
    verify: bool = True
    certificate: bytes | None = None
    key: bytes | None = None
    proxy: str | None = None
    http2: bool = False

    def __repr__(self) -> str:
        return f"Channel({self.ca_file!r}, verify={self.verify}, proxy={self.proxy!r}, http2={self.http2})"


PLAIN: Final = Channel()


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """What the requests of one caller share; make it once, since a handle that knows it needs only what differs.

    Attributes:
        method: any of :data:`Method`.
        url: ``http://`` or ``https://``; its host is all of it that errors show.
        timeout: seconds for everything from name look-up to the last byte.
        channel: how it is reached.
        keep: bytes of the answer's body to keep; far longer ones are cut off, not read.
        headers: whether the answer's headers are wanted. Without, its ``headers`` hold at most ``retry-after``, of a
            429 or 503; each header costs a call from libcurl into Python.
        connect_only: stop after the connection (and TLS) stands; nothing is asked.
    """

    method: Method
    url: str = field(repr=False)
    timeout: float
    channel: Channel = PLAIN
    keep: int = KEEP
    headers: bool = True
    connect_only: bool = False

    @property
    def origin(self) -> str:
        """``scheme://host:port``: what errors may say of a URL, whose query or userinfo may be secret."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return "what is no URL"
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
