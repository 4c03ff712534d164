"""A receiver that answers at once: eight bytes per request, the time, in a file; no framework in the way.

``python -m bench.receiver FILE`` prints its URL and serves until it is ended. It reads one request after the other,
which is all that a sequential client sends, and believes Content-Length.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import time
from pathlib import Path
from typing import cast

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
STAMP = struct.Struct("<d")


def received(out: Path) -> int:
    """How many requests a receiver has answered."""
    return out.stat().st_size // STAMP.size


class Connection(asyncio.Protocol):
    """One connection with keep-alive.

    Args:
        out: file descriptor of the file of times.
    """

    def __init__(self, out: int) -> None:
        self._out = out
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._end()) is not None:
            del self._buffer[:end]
            os.write(self._out, STAMP.pack(time.time()))
            self._transport.write(ANSWER)

    def _end(self) -> int | None:
        """Where the first request ends; None while it is not complete."""
        head, separator, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        if not separator:
            return None
        _, name, rest = head.lower().partition(b"content-length:")
        body = int(rest.split(b"\r\n", 1)[0]) if name else 0
        end = len(head) + len(separator) + body
        return end if len(self._buffer) >= end else None


async def serve(out: Path) -> None:
    """Serve on loopback until cancelled."""
    file = os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(file), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
