"""Syslog collectors that listen: one message after the other, by the framing of the RFCs."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING, Self

import trustme

if TYPE_CHECKING:
    from pathlib import Path


class Collector:
    """A TCP or TLS listener on this machine; use it in ``with``.

    Attributes:
        address: HOST:PORT.
        messages: what came, complete once it was left.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.address = f"localhost:{self._listening.getsockname()[1]}"
        self.messages: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return
        with connection:
            try:
                stream = (
                    connection if self._context is None else self._context.wrap_socket(connection, server_side=True)
                )
            except ssl.SSLError:
                return
            with stream:
                data = b""
                while more := stream.recv(65536):
                    data += more
            self.messages = _framed(data)

    def wait(self) -> None:
        """Return when the one connection has ended."""
        self._thread.join(30)
        assert not self._thread.is_alive()


def tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a TLS collector on ``localhost`` listens with, and the file of its authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    path = folder / "collector-ca.pem"
    authority.cert_pem.write_to_path(path)
    return context, path


def _framed(data: bytes) -> list[str]:
    """Messages by octet counting: MSG-LEN SP SYSLOG-MSG."""
    found = []
    while data:
        length, _, data = data.partition(b" ")
        found.append(data[: int(length)].decode())
        assert int(length) == len(data[: int(length)])
        data = data[int(length) :]
    return found
