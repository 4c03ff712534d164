"""Syslog messages on their way to a collector: UDP (RFC 5426), TCP (RFC 6587), TLS (RFC 5425)."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self
from urllib.parse import urlsplit

from schemas.config.fault import Fault
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from pathlib import Path

Transport = Literal["udp", "tcp", "tls"]

PORTS: Final[dict[Transport, int]] = {"udp": 514, "tcp": 601, "tls": 6514}

ANSWER: Final = 10.0
"""Seconds for a connection, and for each write."""

LARGEST_DATAGRAM: Final = 65_000
"""Bytes; the rest of a longer message is cut off."""

_CURE: Final = "write HOST:PORT, or udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT"


class Collector(NamedTuple):
    """Where to."""

    transport: Transport
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.transport}://{host}:{self.port}"


def collector(spelled: str) -> Collector:
    """The address; without a scheme TCP, without a port that of the protocol.

    Raises:
        Fault: it is none.
    """
    parts = urlsplit(spelled if "://" in spelled else f"tcp://{spelled}")
    transport = next((each for each in PORTS if each == parts.scheme), None)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Fault("is no address", _CURE) from None
    if transport is None or not host or parts.path not in {"", "/"} or parts.query or parts.username:
        raise Fault("is no address", _CURE)
    return Collector(transport, host, port or PORTS[transport])


class Syslog:
    """One connection; use it in ``with``. A message that was written to it may be lost with it: syslog has no receipt.

    Args:
        to: where to.
        ca_file: authorities of the collector's certificate (PEM); default: those of the system.

    Raises:
        Unreachable: nobody is there.
        Refused: its certificate is none that is trusted.
    """

    def __init__(self, to: Collector, *, ca_file: Path | None = None) -> None:
        self._to = to
        try:
            self._socket = _connect(to, ca_file)
        except ssl.SSLCertVerificationError as error:
            raise Refused(
                f"the certificate of {to} is not trusted: {error.verify_message}",
                cure="name its authority with --syslog-ca, or correct the address",
            ) from error
        except OSError as error:
            raise self._away(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            if isinstance(self._socket, ssl.SSLSocket):
                self._socket.unwrap()
        self._socket.close()

    def send(self, message: str) -> None:
        """Send one message.

        Raises:
            Unreachable: the collector has gone away.
        """
        data = message.encode()
        try:
            if self._to.transport == "udp":
                self._socket.send(_cut(data))
            else:
                self._socket.sendall(frame(data))
        except OSError as error:
            raise self._away(error) from error

    def _away(self, error: OSError) -> Unreachable:
        why = (error.strerror or str(error) or type(error).__name__).lower()
        return Unreachable(
            f"cannot send to {self._to}: {why}",
            cure="see that the collector listens there; then run this again with --since",
        )


def frame(data: bytes) -> bytes:
    """A message behind its length, as octet counting has it (RFC 6587 §3.4.1, RFC 5425 §4.3)."""
    return b"%d %s" % (len(data), data)


def _cut(data: bytes) -> bytes:
    return data[:LARGEST_DATAGRAM].decode(errors="ignore").encode()


def _connect(to: Collector, ca_file: Path | None) -> socket.socket:
    if to.transport == "udp":
        family, kind, protocol, _, address = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_DGRAM)[0]
        datagrams = socket.socket(family, kind, protocol)
        datagrams.connect(address)
        return datagrams
    context = None
    if to.transport == "tls":
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    stream = socket.create_connection((to.host, to.port), ANSWER)
    if context is None:
        return stream
    try:
        return context.wrap_socket(stream, server_hostname=to.host)
    except BaseException:
        stream.close()
        raise
