"""The other side of the HTTP sinks: an OpenFaaS-style gateway and a Knative-style receiver.

Each is a process of its own that writes what it got to its own file before it answers:
``python -m ops.demo.receivers knative --out FILE``. The first line on standard output is its URL.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from ops.demo.journal import Journal
from schemas.cloudevents import http
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

FUNCTION = "vm-power"
TOPICS = "VmPoweredOffEvent, DrsVmPoweredOffEvent"
LARGEST_BODY = 4 << 20


class Receiver:
    """Writes accepted events to a journal.

    Args:
        out: the journal.
        delay: seconds that every request takes, so that a fault can hit one in flight.
        refuse: answer 400 to a body that contains these bytes, when not empty.
    """

    def __init__(self, out: Journal, *, delay: float = 0.0, refuse: bytes = b"") -> None:
        self._out = out
        self._delay = delay
        self._refuse = refuse

    async def accept(self, request: web.Request) -> web.Response:
        """Answer 202 after the event is written, 400 to what is no CloudEvent or must be refused."""
        body = await request.read()
        await asyncio.sleep(self._delay)
        if self._refuse and self._refuse in body:
            return web.Response(status=400, text="refused on purpose")
        try:
            event = http.from_request(request.headers.items(), body)
        except InvalidEvent as error:
            return web.Response(status=400, text=str(error))
        self._out.write(
            {
                "at": time.time(),
                "path": request.path,
                "id": event.id,
                "type": event.type,
                "subject": event.subject,
                "extensions": dict(event.extensions),
                "data": (event.data or b"").decode(),
            }
        )
        return web.Response(status=202)


def knative(receiver: Receiver) -> web.Application:
    """A broker's ingress: POST / takes any CloudEvent."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post("/", receiver.accept)
    return app


def openfaas(receiver: Receiver) -> web.Application:
    """A gateway with one function that names its subjects in the ``topic`` annotation."""

    async def namespaces(_: web.Request) -> web.Response:
        return web.json_response(["fn"])

    async def functions(_: web.Request) -> web.Response:
        return web.json_response(
            [{"name": FUNCTION, "namespace": "fn", "replicas": 1, "annotations": {"topic": TOPICS}}]
        )

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/system/namespaces", namespaces)
    app.router.add_get("/system/functions", functions)
    app.router.add_post(f"/function/{FUNCTION}.fn", receiver.accept)
    return app


KINDS = {"knative": knative, "openfaas": openfaas}


async def serve(kind: str, out: Path, *, port: int, delay: float, refuse: bytes) -> None:
    """Serve on loopback until cancelled; prints the URL once the port is open."""
    journal = Journal(out)
    runner = web.AppRunner(KINDS[kind](Receiver(journal, delay=delay, refuse=refuse)), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    sys.stdout.write(f"{_url(runner)}\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
        journal.close()


def _url(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--refuse", default="")
    args = parser.parse_args(argv)
    asyncio.run(serve(args.kind, args.out, port=args.port, delay=args.delay, refuse=args.refuse.encode()))


if __name__ == "__main__":
    main()
