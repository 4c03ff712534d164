"""A sender with a journal of its own: so many requests a second, as long as not too many wait for their answer.

``python -m tests.faults.webhook.sender URL JOURNAL RATE``. Every fifth request is a batch. A single event whose fate is
uncertain (no answer, or 503) is sent again with the same id, until it is accepted; a batch is not: what is sent once
must be there once. SIGTERM ends it when every request has its answer.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiohttp

from tests.faults.webhook.journal import CUT, REFUSED, Entry

if TYPE_CHECKING:
    from typing import TextIO

BATCH_EVERY: Final = 5
MEMBERS: Final = 3
WAITING: Final = 400
"""Above the places that the server has."""

AGAIN: Final = 0.5
PATIENCE: Final = 60.0
PADDING: Final = "x" * 1000
ENVELOPE: Final = {"specversion": "1.0", "source": "/faults", "type": "com.example.fault", "data": PADDING}
UNCERTAIN: Final = {CUT, HTTPStatus.SERVICE_UNAVAILABLE}


class Sender:
    """Sends while ``run`` runs.

    Args:
        session: to the server.
        journal: opened for writing.
    """

    def __init__(self, session: aiohttp.ClientSession, journal: TextIO) -> None:
        self._session = session
        self._journal = journal
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, rate: float, stop: asyncio.Event) -> None:
        """Send until ``stop``, then wait for the answers."""
        began, count = time.monotonic(), 0
        while not stop.is_set():
            while count < (time.monotonic() - began) * rate:
                if len(self._tasks) < WAITING:
                    task = asyncio.create_task(self._see_through(count))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                count += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*self._tasks)

    async def _see_through(self, number: int) -> None:
        if number % BATCH_EVERY == 0:
            await self._send(tuple(f"b-{number}-{member}" for member in range(MEMBERS)))
            return
        until = time.monotonic() + PATIENCE
        while await self._send((f"s-{number}",)) in UNCERTAIN and time.monotonic() < until:
            await asyncio.sleep(AGAIN)

    async def _send(self, ids: tuple[str, ...]) -> int:
        began = time.time()
        status = await self._status(ids)
        self._journal.write(Entry(ids, status, began, time.time()).line)
        return status

    async def _status(self, ids: tuple[str, ...]) -> int:
        events = [ENVELOPE | {"id": each} for each in ids]
        kind, body = ("-batch", events) if len(ids) > 1 else ("", events[0])
        headers = {"Content-Type": f"application/cloudevents{kind}+json"}
        try:
            async with self._session.post("/events", data=json.dumps(body), headers=headers) as answer:
                return answer.status
        except aiohttp.ClientConnectorError:
            return REFUSED
        except (aiohttp.ClientError, ConnectionError):
            return CUT


async def main(url: str, path: Path, rate: float) -> None:
    """Send until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout) as session:
        with path.open("w", buffering=1) as journal:
            await Sender(session, journal).run(rate, stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])))
