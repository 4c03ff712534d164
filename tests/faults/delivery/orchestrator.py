"""vRO with moods, as a process: ``python -m tests.faults.delivery.orchestrator FILE PORT``.

Starts executions as ``tests.sinks.vro`` does, keeps them in a file beside FILE, and has them after it was killed. As
vRO it forgets the oldest.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from ops.demo.journal import Journal, entries
from tests.faults.delivery.moods import Moods
from tests.sinks.destination import Answer, Received
from tests.sinks.vro.standin import Orchestrator, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRET: Final = "of-the-stand-in"
KEPT: Final = 1000  # executions


class MoodyOrchestrator:
    """Takes starts of one workflow."""

    def __init__(self, moods: Moods, kept: Path) -> None:
        self._moods = moods
        self._vro = Orchestrator(SECRET, states=("completed",))
        for entry in entries(kept):
            self._vro.start(entry["parameters"])
        self._kept = Journal(kept)

    async def take(self, request: web.Request) -> web.Response:
        """Write down, wait, answer."""
        headers = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        received = Received(request.method, request.raw_path, headers, await request.read())
        answer = self._answer(received)
        await asyncio.sleep(self._moods.pause())
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    def _answer(self, received: Received) -> Answer:
        if received.method != "POST":
            return self._vro.handle(received)
        parameters = orjson.loads(received.body)["parameters"]
        raw = next(each for each in parameters if each["name"] == "rawEventData")
        if not self._moods.takes(orjson.loads(raw["value"]["string"]["value"])["data"]):
            return refusal(500, "no execution was started")
        self._kept.write({"parameters": [each for each in parameters if each["name"] in self._vro.inputs]})
        self._vro.purged = set(list(self._vro.runs)[:-KEPT])
        return self._vro.handle(received)


def main(argv: Iterable[str]) -> None:
    """Serve until ended."""
    path, port = argv
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", MoodyOrchestrator(Moods(Path(path)), Path(f"{path}.kept")).take)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, reuse_address=True, shutdown_timeout=0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
