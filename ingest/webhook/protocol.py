"""HTTP as aiohttp speaks it, except for what is said about a request that is none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    import asyncio

_log = logging.getLogger(__name__)

# Longer than a reverse proxy keeps an idle connection (60 s is common), or it would meet ours just closed. It also
# bounds how long a connection may take to send the headers of its first request.
_IDLE_SECONDS = 75.0

_HEADERS = 128
_HEADER = 8190  # bytes; also of the request line


class Protocol(web.RequestHandler):
    """One connection. aiohttp's own answer and log line quote a malformed request, credentials included."""

    __slots__ = ()

    def __init__(self, server: web.Server, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # None turns it off: a query may hold credentials.
            keepalive_timeout=_IDLE_SECONDS,
            max_headers=_HEADERS,
            max_field_size=_HEADER,
            max_line_size=_HEADER,
            auto_decompress=False,  # a signature is over the bytes as they were sent
        )

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that never reached the application, or that it failed to answer."""
        del message
        if isinstance(exc, HttpProcessingError):
            _log.warning("malformed HTTP request from %s: %s", request.remote, type(exc).__name__)
            problem = _oversized(exc) or Problem(status, "This is not a well-formed HTTP/1.1 request.", close=True)
        else:
            _log.error("request from %s failed", request.remote, exc_info=exc)
            problem = Problem(status, "The request failed on this side.", close=True)
        if request.writer.output_size > 0:
            raise ConnectionError("half of an answer is sent already")
        return problem.response()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; the one that aiohttp makes before any of our code is put in our words."""
        if isinstance(resp, web.HTTPExpectationFailed):
            resp = Problem(417, "Of what a client may expect only 100-continue is known.", field="expect").response()
        return await super().finish_response(request, resp, start_time)


def _oversized(error: HttpProcessingError) -> Problem | None:
    """The answer to more or longer headers than are read."""
    if isinstance(error, LineTooLong) or "Too many headers" in error.message:
        return Problem(431, f"At most {_HEADERS} headers of at most {_HEADER} bytes are read.", close=True)
    return None
