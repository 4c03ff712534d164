"""The asyncio face of the HTTP engine."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from clients.http.endpoint import KEEP, Channel, Endpoint
from clients.http.engine import Engine
from clients.http.request import header_lines
from clients.http.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from clients.http.endpoint import Method
    from clients.http.response import Response


class Client:
    """An HTTP client for one event loop: keep-alive, no redirects, TLS verified, everything bounded.

    Costs one thread, started by the first request. Proxies come from the environment (``http_proxy``,
    ``https_proxy``, ``no_proxy``), never for loopback.
    """

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def request(
        self,
        method: Method,
        url: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
        timeout: float,  # noqa: ASYNC109 - libcurl keeps it, to know whether the request was out by then
        ca_file: Path | None = None,
        verify: bool = True,
        keep: int = KEEP,
    ) -> Response:
        """Ask once and wait for the final answer, whatever its status.

        Args:
            method: any of :data:`Method`.
            url: ``http://`` or ``https://``; its host is all of it that errors show.
            headers: sent as given; User-Agent is added, nothing else.
            body: sent with its length; None sends none.
            timeout: seconds for everything, name look-up included.
            ca_file: trust these authorities (PEM) instead of the system's.
            verify: whether to check certificate and host name at all.
            keep: bytes of the answer's body to keep; far longer ones are cut off, not read.

        Raises:
            Unreachable: no connection, or none to be trusted; the request was not sent.
            NoAnswer: an Unreachable after the request was sent, such as a time-out.
            ValueError: a header that would break the message apart.
        """
        endpoint = Endpoint(method, url, timeout, _channel(ca_file, verify=verify), keep)
        return await self.ask(endpoint, header_lines(headers), body)

    async def reach(
        self,
        url: str,
        *,
        timeout: float,  # noqa: ASYNC109 - as above
        ca_file: Path | None = None,
        verify: bool = True,
    ) -> None:
        """Connect to the server of ``url``, TLS included, and ask nothing: the check without a side effect.

        Raises:
            Unreachable: no connection, or none to be trusted.
        """
        await self.connect(Endpoint("GET", url, timeout, _channel(ca_file, verify=verify)))

    async def connect(self, endpoint: Endpoint) -> None:
        """As ``reach``, the way that ``endpoint`` says."""
        await self.ask(replace(endpoint, keep=0, connect_only=True), ())

    async def close(self) -> None:
        """Abort what is under way (its callers see Unreachable) and close every connection; may be repeated."""
        self._closed = True
        if self._engine is not None:
            await asyncio.to_thread(self._engine.stop)

    async def ask(self, endpoint: Endpoint, lines: Sequence[bytes], body: bytes | None = None) -> Response:
        """As ``request``, for a caller that asks often.

        When cancelled it returns once the transfer is aborted: from then on nothing more of it is sent.

        Args:
            endpoint: whom to ask.
            lines: as :func:`header_lines` gives them; they are not looked at again.
            body: sent with its length; None sends none.

        Raises:
            Unreachable, NoAnswer: as ``request``.
        """
        if self._closed:
            raise RuntimeError("the HTTP client is closed")
        loop = asyncio.get_running_loop()
        engine = self._engine
        if engine is None or not engine.alive:
            self._engine = engine = Engine(loop)
        transfer = Transfer(endpoint, lines, body, loop.create_future())
        engine.submit(transfer)
        try:
            return await transfer.future
        except asyncio.CancelledError:
            aborted = engine.cancel(transfer)
            while not aborted.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((aborted,))
            raise


def _channel(ca_file: Path | None, *, verify: bool) -> Channel:
    return Channel(None if ca_file is None else str(ca_file), verify)
