from __future__ import annotations

import gzip
from contextlib import contextmanager
from http.client import HTTPException, IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import SoapStubAdapter

from clients.vsphere.exchange import TooLarge, get, post
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def serving(
    body: bytes, *, encoding: str = "identity", length: bool = True, status: int = 200, cut: int = 0
) -> Iterator[Any]:
    """A stub of a server that answers everything with ``body``; without ``length`` it closes to mark the end.

    With ``cut`` it closes so many bytes before the length that it has promised.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if length else "HTTP/1.0"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Encoding", encoding)
            if length:
                self.send_header("Content-Length", str(len(body) + cut))
            self.end_headers()
            self.close_connection = self.close_connection or cut > 0
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name http.server calls

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    with served(server):
        stub = SoapStubAdapter(host="127.0.0.1", port=-server.server_address[1], httpConnectionTimeout=10)
        try:
            yield stub
        finally:
            stub.DropConnections()


@pytest.mark.parametrize("length", [True, False])
def test_the_body_comes_as_bytes_with_the_status(*, length: bool) -> None:
    with serving(b"<fault/>", status=500, length=length) as stub:
        assert (500, b"<fault/>") == post(stub, b"<request/>", limit=8)


def test_gzip_is_undone() -> None:
    with serving(gzip.compress(b"x" * 1000), encoding="gzip") as stub:
        assert (200, b"x" * 1000) == get(stub, "/", limit=1000)


@pytest.mark.parametrize("length", [True, False])
def test_a_body_beyond_the_limit_is_refused(*, length: bool) -> None:
    with serving(b"x" * 1001, length=length) as stub, pytest.raises(TooLarge):
        get(stub, "/", limit=1000)


def test_a_body_that_swells_beyond_the_limit_is_refused() -> None:
    with serving(gzip.compress(b"x" * 10_000_000), encoding="gzip") as stub, pytest.raises(TooLarge):
        get(stub, "/", limit=100_000)


def test_broken_gzip_is_a_protocol_error() -> None:
    with serving(b"no gzip", encoding="gzip") as stub, pytest.raises(HTTPException, match="broken gzip"):
        get(stub, "/", limit=1000)


@pytest.mark.parametrize("cut", [1, 1000])
def test_a_connection_cut_within_the_body_is_a_protocol_error(cut: int) -> None:
    with serving(b"x" * 1000, cut=cut) as stub, pytest.raises(IncompleteRead):
        get(stub, "/", limit=10_000)


def test_a_connection_is_used_again() -> None:
    with serving(b"x") as stub:
        get(stub, "/", limit=10)
        (first, _), *others = stub.pool
        get(stub, "/", limit=10)
        assert ([first], []) == ([connection for connection, _ in stub.pool], others)
