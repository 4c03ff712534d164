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
    processes: tuple[str, ...] = ("web",)
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


class Pair(WebServer):
    """Two equal servers that lack something while one of them does not listen."""

    processes = ("first", "second")

    @property
    def serving(self) -> tuple[str, ...]:
        return self.processes

    def command(self, process: str) -> Command:
        port = ports.reserve(self.place.ports_file, process)[process]
        return Command((sys.executable, "-c", self.program, str(port)))

    def answers(self) -> bool:
        return not self.lacking()

    def lacking(self) -> str:
        numbers = [ports.remembered(self.place.ports_file, name) for name in self.processes]
        listening = sum(number is not None and ports.listens(number) for number in numbers)
        return "" if listening == len(numbers) else f"{listening} of {len(numbers)} listen"


class Broken(WebServer):
    """A service that ends at once."""

    program = "print('warming up'); raise SystemExit('the port is cursed')"
