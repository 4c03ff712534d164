"""Health, readiness and metrics of one service, for Kubernetes and Prometheus.

``/health`` says that the process lives, ``/ready`` that it does its work, ``/metrics`` what it has counted.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from schemas.config.address import split_endpoint
from schemas.config.fault import Fault
from schemas.errors import ConfigError, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TIMEOUT: Final = 5.0
"""Seconds in which a client must have sent its request."""

TEXT: Final = "text/plain; charset=utf-8"

Answer = tuple[HTTPStatus, str, bytes]


def unless(ready: Callable[[], bool]) -> Callable[[], Sequence[str]]:
    """The problems of a service that only knows whether it is ready."""
    return lambda: [] if ready() else ["not ready"]


class Probe:
    """A small HTTP server in a thread of its own.

    Args:
        address: ``host:port`` to listen on; port 0 takes a free one.
        problems: asked at every ``/ready``, from another thread; what keeps the service from its work.

    Raises:
        ConfigError: the address is none.
        Refused: it cannot be listened on.
    """

    def __init__(self, address: str, problems: Callable[[], Sequence[str]]) -> None:
        try:
            host, port = split_endpoint(address)
        except Fault as fault:
            raise ConfigError("command line", [Problem("--probe", fault.what, fault.cure)]) from None
        try:
            self._server = _Server((host, port), problems)
        except OSError as error:
            raise Refused(f"cannot listen on {address}: {error.strerror}", cure="choose another --probe") from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="probe", daemon=True)

    @classmethod
    @contextmanager
    def serving(cls, address: str | None, problems: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Serve while the body runs; nothing happens without an address."""
        if address is None:
            yield
            return
        probe = cls(address, problems)
        probe.start()
        try:
            yield
        finally:
            probe.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], problems: Callable[[], Sequence[str]]) -> None:
        self.problems = problems
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "reflexarc"
    sys_version = ""
    timeout = TIMEOUT

    def do_GET(self) -> None:
        status, kind, body = self._answer(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, path: str) -> Answer:
        match path:
            case "/health":
                return HTTPStatus.OK, TEXT, b"ok\n"
            case "/ready":
                if problems := self.server.problems():
                    return HTTPStatus.SERVICE_UNAVAILABLE, TEXT, "".join(f"{one}\n" for one in problems).encode()
                return HTTPStatus.OK, TEXT, b"ready\n"
            case "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest()
        return HTTPStatus.NOT_FOUND, TEXT, b"/health, /ready or /metrics\n"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Probes come every few seconds; they are no news."""
