"""A sink with moods, as a process: ``python -m tests.faults.delivery.receiver FILE PORT``.

Takes events as ``type: http`` and ``type: knative`` send them to ``/``, and is a gateway of OpenFaaS with one function.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from tests.faults.delivery.moods import Moods
from tests.support.flow import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

FUNCTION = {"name": "tick", "namespace": "fn", "annotations": {"topic": SUBJECT}}


class Receiver:
    """Takes one event per request."""

    def __init__(self, moods: Moods) -> None:
        self._moods = moods

    async def take(self, request: web.Request) -> web.Response:
        """Write down, wait, answer."""
        event = orjson.loads(await request.read())
        taken = self._moods.takes(event.get("data", event))
        await asyncio.sleep(self._moods.pause())
        return web.Response(status=202 if taken else 500)


async def namespaces(_: web.Request) -> web.Response:
    """Where functions are."""
    return web.json_response([FUNCTION["namespace"]])


async def functions(_: web.Request) -> web.Response:
    """Which there are."""
    return web.json_response([FUNCTION])


def main(argv: Iterable[str]) -> None:
    """Serve until ended."""
    path, port = argv
    take = Receiver(Moods(Path(path))).take
    app = web.Application()
    app.router.add_get("/system/namespaces", namespaces)
    app.router.add_get("/system/functions", functions)
    app.router.add_post(f"/function/{FUNCTION['name']}.{FUNCTION['namespace']}", take)
    app.router.add_post("/", take)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, reuse_address=True, shutdown_timeout=0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
