"""The newer REST API of a vCenter in front of a simulator that has only the older one.

Written from the published differences: ``/api`` for ``/rest/com/vmware``, ids without ``id:``, actions without ``~``,
no ``value`` around answers, and nothing at all (204) in answer to a command.
"""

from __future__ import annotations

import ssl
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import orjson

from clients.vsphere.tagging import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig


@contextmanager
def newer(config: VcenterConfig) -> Iterator[VcenterConfig]:
    """The vCenter as one with the newer API, without TLS."""
    origin = urlsplit(config.url).netloc
    trust = ssl.create_default_context(cafile=config.ca_file)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = older(urlsplit(self.path).path, urlsplit(self.path).query, body)
            status, answer = (404, b"") if path is None else self._forward(path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def _forward(self, path: str, body: bytes) -> tuple[int, bytes]:
            kept = {name: self.headers[name] for name in ("Authorization", HEADER) if name in self.headers}
            with closing(HTTPSConnection(origin, context=trust, timeout=10)) as connection:
                connection.request(self.command, path, body, {**kept, "Content-Type": "application/json"})
                answer = connection.getresponse()
                found = answer.read()
            if answer.status >= 300:
                return answer.status, b""
            return (200, orjson.dumps(orjson.loads(found).get("value"))) if found.strip() else (204, b"")

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield config.model_copy(update={"url": f"http://127.0.0.1:{server.server_port}/sdk", "ca_file": None})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def older(path: str, query: str, body: bytes) -> str | None:
    """The same of the older API; None for what the newer one does not have."""
    if path == "/api/session":
        return "/rest/com/vmware/cis/session"
    _, found, rest = path.partition("/api/cis/tagging/")
    if not found or "~action" in query or "id:" in rest.partition("/")[2][:3]:
        return None
    kind, _, given = rest.partition("/")
    if query == "action=list-tags-for-category":
        given = orjson.loads(body)["category_id"]
    name = f"/id:{unquote(given)}" if given else ""
    return f"/rest/com/vmware/cis/tagging/{kind}{name}" + (f"?~{query}" if query else "")
