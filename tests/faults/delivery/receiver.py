"""A sink with moods, as a process: ``python -m tests.faults.delivery.receiver FILE PORT``; prints when it serves.

Every request leaves a line in the file before it is answered. One event of a hundred is never taken, one attempt of a
hundred fails, and each takes a few milliseconds.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable

POISON: Final = 100
FAILING: Final = 0.01
SLOWEST: Final = 0.02


def is_poison(seq: int) -> bool:
    """Whether this event is never taken."""
    return seq % POISON == POISON // 2


class Receiver:
    """Takes events as ``tests.faults.event`` numbers them."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._chance = random.Random(0)  # noqa: S311 - no secret

    async def take(self, request: web.Request) -> web.Response:
        """Write down, wait, answer."""
        event = orjson.loads(await request.read())
        taken = not is_poison(event["seq"]) and self._chance.random() >= FAILING
        line = {"seq": event["seq"], "key": event["key"], "at": time.time(), "taken": taken}
        os.write(self._out, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        await asyncio.sleep(self._chance.uniform(0, SLOWEST))
        return web.Response(status=202 if taken else 500)


def main(argv: Iterable[str]) -> None:
    """Serve until ended."""
    path, port = argv
    app = web.Application()
    app.router.add_post("/", Receiver(os.open(Path(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)).take)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, reuse_address=True, shutdown_timeout=0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
