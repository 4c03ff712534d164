"""One request on its way: the easy handle's settings and what has come back so far."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import pycurl

from clients.http.failures import failure
from clients.http.response import Response, parse_headers

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from clients.http.request import Request, Tls
    from schemas.errors import Unreachable

CONNECT_TIMEOUT = 10.0  # seconds, at most
DRAIN = 1024 * 1024  # bytes read beyond those kept, to save the connection; then it is cut
_LOOPBACK = "localhost,127.0.0.0/8,::1"


class Transfer:
    """A request and the future that waits for it; the rest belongs to the engine's thread.

    ``handle`` is the libcurl handle that carries it at this moment.
    """

    __slots__ = ("_body", "_heads", "_received", "future", "handle", "request")

    def __init__(self, request: Request, future: asyncio.Future[Response]) -> None:
        self.request = request
        self.future = future
        self.handle: pycurl.Curl | None = None
        self._heads: list[bytes] = []
        self._body = bytearray()
        self._received = 0

    def prepare(self, handle: pycurl.Curl) -> None:
        """Set on ``handle`` whatever differs between requests.

        Raises:
            pycurl.error: libcurl refuses a value, such as a malformed URL.
        """
        request = self.request
        handle.setopt(pycurl.URL, request.url)
        handle.setopt(pycurl.HTTPHEADER, request.header_lines)
        handle.setopt(pycurl.TIMEOUT_MS, max(1, int(request.timeout * 1000)))
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(request.timeout, CONNECT_TIMEOUT) * 1000)))
        if request.body is None:
            handle.setopt(pycurl.HTTPGET, 1)
        else:
            handle.setopt(pycurl.POST, 1)
            handle.setopt(pycurl.POSTFIELDS, request.body)
        handle.setopt(pycurl.CUSTOMREQUEST, request.method)
        handle.setopt(pycurl.HEADERFUNCTION, self._heads.append)
        handle.setopt(pycurl.WRITEFUNCTION, self._receive)
        if request.connect_only:
            handle.setopt(pycurl.CONNECT_ONLY, 1)

    def response(self, handle: pycurl.Curl) -> Response:
        """The answer, once libcurl has it."""
        return Response(
            status=handle.getinfo(pycurl.RESPONSE_CODE),
            headers=parse_headers(self._heads),
            body=bytes(self._body),
            complete=self._received == len(self._body),
        )

    def outcome(self, handle: pycurl.Curl, code: int, detail: str) -> Response | Unreachable:
        """The answer or the error of a transfer that libcurl counts as failed."""
        if code == pycurl.E_WRITE_ERROR:  # cut by _receive: the answer itself is here
            return self.response(handle)
        sent = handle.getinfo(pycurl.REQUEST_SIZE) > 0
        return failure(self.request.origin, code, detail, sent=sent, timeout=self.request.timeout)

    def _receive(self, chunk: bytes) -> int | None:
        room = self.request.keep - len(self._body)
        if room > 0:
            self._body += chunk[:room]
        self._received += len(chunk)
        return 0 if self._received > self.request.keep + DRAIN else None


def new_handle(tls: Tls, environ: Mapping[str, str] = os.environ) -> pycurl.Curl:
    """An easy handle with every setting that its requests share."""
    handle = pycurl.Curl()
    handle.setopt(pycurl.NOSIGNAL, 1)  # signals and threads do not mix
    handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    handle.setopt(pycurl.FOLLOWLOCATION, 0)
    handle.setopt(pycurl.TCP_KEEPALIVE, 1)
    handle.setopt(pycurl.NOPROXY, _no_proxy(environ))
    if tls.verify:
        # The default of a prebuilt libcurl is the path of the system that built it.
        paths = ssl.get_default_verify_paths()
        for option, path in (
            (pycurl.CAINFO, tls.ca_file or paths.cafile),
            (pycurl.CAPATH, None if tls.ca_file else paths.capath),
        ):
            if path is not None:
                handle.setopt(option, str(path))
    else:
        handle.setopt(pycurl.SSL_VERIFYPEER, 0)
        handle.setopt(pycurl.SSL_VERIFYHOST, 0)
    return handle


def _no_proxy(environ: Mapping[str, str]) -> str:
    """The environment's exceptions, and loopback in any case: a proxy cannot mean our own machine."""
    exceptions = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return "*" if exceptions.strip() == "*" else f"{exceptions},{_LOOPBACK}".lstrip(",")
