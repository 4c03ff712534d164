"""What other processes have counted: their probes, asked by HTTP."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import aiohttp

from ingest.webhook.counters import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ingest.webhook.counters import Counters

WITHIN: Final = 2.0
"""Seconds in which a probe must have answered."""

LARGEST: Final = 4 << 20
"""Bytes of an answer."""

_CHUNK: Final = 1 << 16
_PLAIN: Final = {"Accept-Encoding": "identity"}

_log = logging.getLogger(__name__)


class Probes:
    """Those of some processes.

    Args:
        urls: base URLs; each is asked once.
        mute: processes that are known to be there, but have none.
    """

    def __init__(self, urls: Collection[str] = (), *, mute: int = 0) -> None:
        self._urls = tuple(dict.fromkeys(urls))
        self._mute = mute
        self._reading: asyncio.Future[Sequence[Counters | None]] | None = None

    async def read(self) -> Sequence[Counters | None]:
        """One entry per process, None for one that did not answer as a process of ours does. Takes 2 s at most.

        All are asked at once; who comes while they are being asked gets the same answers.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._reading)

    async def _ask(self) -> Sequence[Counters | None]:
        mute: list[Counters | None] = [None] * self._mute
        if not self._urls:
            return mute
        timeout = aiohttp.ClientTimeout(total=WITHIN)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector, auto_decompress=False) as session:
            return [*await asyncio.gather(*(_counters(session, url) for url in self._urls)), *mute]


async def _counters(session: aiohttp.ClientSession, url: str) -> Counters | None:
    try:
        async with session.get(f"{url}/metrics", headers=_PLAIN, allow_redirects=False) as answer:
            if answer.status != HTTPStatus.OK:
                raise ValueError(f"its probe answers {answer.status}")  # noqa: TRY301 - like every other strange answer
            return parse((await _bounded(answer.content)).decode())
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        _log.debug("%s does not tell its counters: %s", url, str(error) or type(error).__name__)
        return None


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    while chunk := await content.read(_CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise ValueError(f"its answer is larger than {LARGEST} bytes")
    return bytes(body)
