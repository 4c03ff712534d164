"""A way to a broker that can be cut, as a process: ``python -m tests.faults.delivery.relay PORT HOST:PORT``."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from tests.sinks.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Iterable


async def serve(port: int, host: str, target: int) -> None:
    """Relay until ended."""
    relay = Relay(host, target)
    relay.port = port
    async with relay:
        await asyncio.Event().wait()


def main(argv: Iterable[str]) -> None:
    """Relay until ended."""
    port, there = argv
    host, _, target = there.rpartition(":")
    asyncio.run(serve(int(port), host, int(target)))


if __name__ == "__main__":
    main(sys.argv[1:])
