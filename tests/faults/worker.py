"""A worker for the fault experiments: an app on our transport, lanes per key, a file as its sink.

It says ``ready``, joins its group after a SIGUSR1, so that a plan's clock does not count imports, and leaves after a
SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clients.kafka import options
from clients.kafka.errors import Connection, explain
from clients.kafka.publisher import Publisher
from ops.demo.journal import Journal
from schemas.config import KafkaConfig
from streams.transport.app import TransportApp
from tests.faults.lanes import Lanes
from tests.faults.sink import FileSink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

log = logging.getLogger("worker")

DRAIN: Final = 5.0
STATUS_EVERY: Final = 0.25
STATM: Final = Path("/proc/self/statm")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
# Under KIP-848 the broker decides on these.
CLASSIC_ONLY: Final = ("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker")
    for name in ("--bootstrap", "--topic", "--group", "--name"):
        parser.add_argument(name, required=True)
    parser.add_argument("--out", required=True, type=Path, help="file of deliveries; its neighbours tell the status")
    parser.add_argument("--strategy", required=True, choices=("cooperative-sticky", "range", "consumer"))
    parser.add_argument("--instance", help="static membership under this name")
    parser.add_argument("--session", type=float, default=6.0)
    parser.add_argument("--slow", type=float, default=0.005)
    parser.add_argument("--in-flight", type=int, default=100)
    parser.add_argument("--hang", type=int, action="append", default=[], metavar="SEQ")
    parser.add_argument("--stop-after", type=int, metavar="N")
    return parser.parse_args()


def consumer_options(args: argparse.Namespace, connection: Connection) -> dict[str, Any]:
    config = KafkaConfig(bootstrap=args.bootstrap)
    given = options.consumer(config, args.group, client_id=args.name, on_error=connection.heard)
    given |= {
        "partition.assignment.strategy": args.strategy,
        "session.timeout.ms": int(args.session * 1000),
        "heartbeat.interval.ms": int(args.session * 250),
    }
    if args.strategy == "consumer":
        given = {name: value for name, value in given.items() if name not in CLASSIC_ONLY}
        given["group.protocol"] = "consumer"
    return given | ({"group.instance.id": args.instance} if args.instance else {})


def resident() -> int:
    """Bytes of memory in use."""
    return int(STATM.read_text().split()[1]) * PAGE


async def tell(status: Journal, lanes: Lanes, sink: FileSink) -> None:
    """Write down, four times a second, what this process holds."""
    while True:
        status.write({"at": time.time(), "taken": lanes.taken, "running": sink.running, "resident": resident()})
        await asyncio.sleep(STATUS_EVERY)


@asynccontextmanager
async def member(
    args: argparse.Namespace, publishing: type[Publisher] = Publisher
) -> AsyncIterator[tuple[TransportApp, asyncio.Event]]:
    """An app, and what a SIGTERM sets; its publisher is closed at the end of the body."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    config, connection = KafkaConfig(bootstrap=args.bootstrap), Connection()
    publisher = publishing(config, client_id=args.name)
    await publisher.start()
    try:
        yield (
            TransportApp(
                args.group,
                consumer_options=consumer_options(args, connection),
                publisher=publisher,
                drain=DRAIN,
                explain=partial(explain, config=config, connection=connection),
            ),
            stop,
        )
    finally:
        await publisher.close()
    log.info("left")


async def serve(args: argparse.Namespace) -> None:
    sink = FileSink(args.out, args.name, slow=args.slow, hang=frozenset(args.hang), stop_after=args.stop_after)
    async with member(args) as (app, stop):
        lanes = Lanes(sink.deliver, app.fail, in_flight=args.in_flight)
        app.consume(args.topic, "lanes", lanes.take)
        telling = asyncio.create_task(tell(Journal(args.out.with_name(f"{args.name}.status")), lanes, sink))
        try:
            await app.run_until(stop, lambda: log.info("joined"))
        finally:
            telling.cancel()


def run(serve: Callable[[argparse.Namespace], Coroutine[Any, Any, None]]) -> None:
    """Say ``ready``, wait to be let in, serve."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    args = arguments()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGUSR1})
    asyncio.run(serve(args))


def main() -> None:
    run(serve)


if __name__ == "__main__":
    main()
