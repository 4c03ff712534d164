"""EventBridge with moods, as a process: ``python -m tests.faults.delivery.bus FILE PORT``.

Signatures and documented limits are checked as in ``tests.sinks.eventbridge``; of a call that is well-formed each entry
is taken or fails by itself.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import web

from tests.faults.delivery.moods import Moods
from tests.sinks.destination import Received
from tests.sinks.eventbridge.bus import Bus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECRET: Final = "of-the-stand-in"


class MoodyBus:
    """Takes entries of PutEvents."""

    def __init__(self, moods: Moods) -> None:
        self._moods = moods
        self._bus = Bus(SECRET, refuse=self._refuse)

    async def take(self, request: web.Request) -> web.Response:
        """Write down, wait, answer."""
        headers = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        answer = self._bus.answer(Received(request.method, request.raw_path, headers, await request.read()))
        await asyncio.sleep(self._moods.pause())
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    def _refuse(self, entry: Mapping[str, Any]) -> str | None:
        return None if self._moods.takes(orjson.loads(entry["Detail"])["data"]) else "InternalFailure"


def main(argv: Iterable[str]) -> None:
    """Serve until ended."""
    path, port = argv
    app = web.Application()
    app.router.add_post("/", MoodyBus(Moods(Path(path))).take)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, reuse_address=True, shutdown_timeout=0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
