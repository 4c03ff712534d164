"""Small real services, and somebody to report to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ops.dev import ports
from ops.dev.service import Command, Service

if TYPE_CHECKING:
    from ops.dev.service import Report

_SERVER = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.BaseHTTPRequestHandler).serve_forever()
"""


class Quiet:
    """Takes progress lines and remembers them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)


class WebServer(Service):
    """The smallest service that has a port."""

    kind = "vcsim"
    processes = ("web",)
    program = _SERVER

    def prepare(self, report: Report) -> None:
        pass

    def command(self, process: str) -> Command:
        assert process == "web"
        port = ports.reserve(self.place.ports_file, "web")["web"]
        return Command((sys.executable, "-c", self.program, str(port)))

    def answers(self) -> bool:
        port = ports.remembered(self.place.ports_file, "web")
        return port is not None and ports.listens(port)

    def endpoint(self) -> str | None:
        port = ports.remembered(self.place.ports_file, "web")
        return f"http://{ports.LOOPBACK}:{port}" if port else None


class Broken(WebServer):
    """A service that ends at once."""

    program = "print('warming up'); raise SystemExit('the port is cursed')"
