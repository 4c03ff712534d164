"""A process that sends one event to a ``vro`` sink: ``python -m tests.sinks.vro.sender SETTINGS``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import orjson

from clients.http import Client
from sinks.base import SinkContext
from sinks.vro import VroConfig, VroSink
from tests.sinks.bench import event


async def main(settings: bytes) -> None:
    """Open, send, close."""
    config = VroConfig.model_validate({"name": "bench", **orjson.loads(settings)})
    async with Client() as http:
        sink = VroSink(config, SinkContext(vcenters={}, http=http))
        await sink.open()
        await sink.send(event())
        await sink.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes()))
