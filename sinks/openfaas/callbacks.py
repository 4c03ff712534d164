"""The endpoint that OpenFaaS calls back when a queued call has ended, and the calls that wait for that.

A call is known by the ``X-Call-Id`` that goes out with it and comes back. The path ends in a token that is made at the
start of the process and told to nobody but the gateway, so nobody else can say that a function has succeeded.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from aiohttp import web

from schemas.config.address import split_endpoint
from schemas.errors import Refused
from sinks import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sinks.openfaas.config import CallbackConfig

log = logging.getLogger(__name__)

_STATUS: Final = re.compile(r"[1-5][0-9]{2}")

# Longer than a queue worker keeps an idle connection.
_IDLE_SECONDS: Final = 120.0

# aiohttp's own lines quote a malformed request, path and all.
_SILENT: Final = logging.getLogger(f"{__name__}.aiohttp")
_SILENT.disabled = True


class Told(NamedTuple):
    """What a callback says of the function's answer: HTTP status, and the callback's headers in lower case."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is to be called back.

    Attributes:
        headers: what the invocation must carry.
        told: done when the callback is here.
    """

    headers: tuple[tuple[str, str], ...]
    told: asyncio.Future[Told] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Callbacks:
    """Listens from ``start`` to ``close``; the body of a callback is thrown away unread, whatever its size."""

    def __init__(self, config: CallbackConfig, sink: str) -> None:
        self._config = config
        self._sink = sink
        self._token = secrets.token_urlsafe(32)
        self._url = f"{config.url.rstrip('/')}/{self._token}"
        self._calls: dict[str, Call] = {}
        self._runner: web.ServerRunner | None = None

    async def start(self) -> None:
        """Listen; nothing happens when that is so already.

        Raises:
            Refused: the address cannot be bound.
        """
        if self._runner is not None:
            return
        server = web.Server(self._answer, access_log=None, logger=_SILENT, keepalive_timeout=_IDLE_SECONDS)
        runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, *split_endpoint(self._config.listen)).start()
        except OSError as error:
            await runner.cleanup()
            cure = "free it, or change callback.listen"
            raise Refused(f"cannot listen on {self._config.listen}: {error.strerror}", cure=cure) from None
        self._runner = runner
        log.info("%s: waiting for callbacks on %s", self._sink, self._config.listen)

    async def close(self) -> None:
        """Listen no more; may be repeated."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    @contextmanager
    def expect(self) -> Iterator[Call]:
        """A call that may be called back until the block is left."""
        name = str(uuid4())
        call = Call((("x-callback-url", self._url), ("x-call-id", name)))
        self._calls[name] = call
        try:
            yield call
        finally:
            del self._calls[name]

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        outcome, status = self._take(request)
        metrics.CALLBACKS.labels(self._sink, outcome).inc()
        return web.Response(status=status)

    def _take(self, request: web.BaseRequest) -> tuple[str, int]:
        """What the callback was, and the status to answer with."""
        token = request.rel_url.raw_path.rpartition("/")[2].encode(errors="surrogateescape")
        if not hmac.compare_digest(token, self._token.encode()):
            return "refused", 404
        if request.method != "POST":
            return "refused", 405
        status = request.headers.get("x-function-status", "")
        if not _STATUS.fullmatch(status):
            log.warning("%s: a callback without X-Function-Status cannot be used", self._sink)
            return "malformed", 400
        call = self._calls.get(request.headers.get("x-call-id", ""))
        if call is None or call.told.done():
            return "unknown", 200
        call.told.set_result(Told(int(status), {name.lower(): value for name, value in request.headers.items()}))
        return "taken", 200
