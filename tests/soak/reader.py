"""A worker for long tests: an app on our transport whose agent only looks at the clock, and one that hangs.

It says ``ready``, serves, and leaves after a SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import struct
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import REGISTRY

from clients.kafka import options
from clients.kafka.errors import explain
from clients.kafka.publisher import Publisher
from ops import garbage
from ops.demo.journal import Journal
from schemas.config import KafkaConfig
from streams.transport.app import TransportApp
from tests.faults.member import STATUS_EVERY, resident
from tests.soak.pulse import Pulse

if TYPE_CHECKING:
    from streams.transport import Chunk

DRAIN: Final = 5.0
AT: Final = struct.Struct("d")
"""The first bytes of every value: when it was published, in seconds of the epoch."""


class Hands:
    """Both agents, and what they have counted; with ``late``, also how late each event was."""

    def __init__(self, *, late: bool) -> None:
        self._late = late
        self.taken = 0
        self.stuck = 0
        self.lateness: list[float] = []

    async def take(self, chunk: Chunk) -> None:
        """Work on events at once."""
        async with chunk.lease.work():
            if self._late:
                now = time.time()
                self.lateness.extend(now - AT.unpack_from(record.value or b"")[0] for record in chunk.records)
            self.taken += len(chunk.records)
            chunk.lease.done_all(record.offset for record in chunk.records)

    async def hang(self, chunk: Chunk) -> None:
        """Never come back from the first chunk of a partition."""
        async with chunk.lease.work():
            self.stuck += len(chunk.records)
            await asyncio.Event().wait()

    def pulse(self) -> Pulse:
        """How it stands."""
        lateness, self.lateness = self.lateness, []
        pauses, assigned, revoked = (
            int(REGISTRY.get_sample_value(f"reflexarc_transport_{name}_total", labels) or 0)
            for name, labels in (
                ("pauses", {}),
                ("rebalances", {"change": "assigned"}),
                ("rebalances", {"change": "revoked"}),
            )
        )
        return Pulse(time.time(), resident(), self.taken, self.stuck, pauses, assigned, revoked, lateness)


async def tell(status: Journal, hands: Hands) -> None:
    """Write a pulse down, four times a second."""
    while True:
        status.write(hands.pulse()._asdict())
        await asyncio.sleep(STATUS_EVERY)


def consumer_options(args: argparse.Namespace) -> dict[str, Any]:
    config = KafkaConfig(bootstrap=args.bootstrap)
    return options.consumer(config, args.group, client_id="reader") | {
        "partition.assignment.strategy": args.strategy,
        "heartbeat.interval.ms": 300,
    }


async def serve(args: argparse.Namespace) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    config = KafkaConfig(bootstrap=args.bootstrap)
    publisher = Publisher(config, client_id="reader")
    await publisher.start()
    app = TransportApp(
        args.group,
        consumer_options=consumer_options(args),
        publisher=publisher,
        drain=DRAIN,
        explain=partial(explain, config=config),
    )
    hands = Hands(late=args.late)
    app.consume(args.topic, "flowing", hands.take)
    if args.stopped:
        app.consume(args.stopped, "stopped", hands.hang)
    telling = asyncio.create_task(tell(Journal(args.status), hands))
    try:
        await app.run_until(stop, lambda: None)
    finally:
        telling.cancel()
        await publisher.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="reader")
    for name in ("--bootstrap", "--topic", "--group"):
        parser.add_argument(name, required=True)
    parser.add_argument("--stopped", metavar="TOPIC", help="another topic, whose agent never comes back")
    parser.add_argument("--strategy", default="cooperative-sticky")
    parser.add_argument("--late", action="store_true", help="tell the lateness of every event")
    parser.add_argument("--status", required=True, type=Path, help="file of pulses")
    args = parser.parse_args()
    garbage.settle()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(serve(args))


if __name__ == "__main__":
    main()
