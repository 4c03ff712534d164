"""What every program of the fault experiments is: an app on our transport that tells about itself.

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
from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from clients.kafka import options
from clients.kafka.errors import explain
from clients.kafka.publisher import Publisher
from clients.kafka.transactions import Transactions
from ops.demo.journal import Journal
from schemas.config import KafkaConfig
from streams.transport.app import TransportApp

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("worker")

DRAIN: Final = 5.0
STATUS_EVERY: Final = 0.25
STATM: Final = Path("/proc/self/statm")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
# Under KIP-848 the broker decides on these.
CLASSIC_ONLY: Final = ("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms")


class Member(ABC):
    """A member of the group, and what it tells about itself four times a second.

    Args:
        args: as ``arguments`` reads them.
    """

    transactions: ClassVar[type[Transactions]] = Transactions

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self._status = Journal(args.out.with_name(f"{args.name}.status"))
        self._assignments = 0

    @abstractmethod
    def declare(self, app: TransportApp) -> None:
        """Say what is done with the topic."""

    def report(self) -> dict[str, Any]:
        """How it stands. Where no drain is watched, none has taken long."""
        return {
            "at": time.time(),
            "pid": os.getpid(),
            "assignments": self._assignments,
            "cancelled": 0,
            "drain": 0.0,
            "resident": resident(),
        }

    async def serve(self) -> None:
        """Until SIGTERM."""
        args, config = self.args, KafkaConfig(bootstrap=self.args.bootstrap)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        publisher = Publisher(config, client_id=args.name)
        await publisher.start()
        app = TransportApp(
            args.group,
            consumer_options=consumer_options(args),
            publisher=publisher,
            drain=DRAIN,
            explain=partial(explain, config=config),
            transactions=partial(self.transactions, config, client_id=args.name),
        )
        app.on_partitions_assigned.connect(self._assigned)
        self.declare(app)
        telling = asyncio.create_task(self._tell())
        try:
            await app.run_until(stop, lambda: log.info("joined"))
        finally:
            telling.cancel()
            await publisher.close()
            self._status.write(self.report())
        log.info("left")

    async def _assigned(self, *_: object, **__: object) -> None:
        self._assignments += 1

    async def _tell(self) -> None:
        while True:
            self._status.write(self.report())
            await asyncio.sleep(STATUS_EVERY)


def resident() -> int:
    """Bytes of memory in use."""
    return int(STATM.read_text().split()[1]) * PAGE


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


def consumer_options(args: argparse.Namespace) -> dict[str, Any]:
    config = KafkaConfig(bootstrap=args.bootstrap)
    given = options.consumer(config, args.group, client_id=args.name)
    given |= {
        "partition.assignment.strategy": args.strategy,
        "session.timeout.ms": int(args.session * 1000),
        "heartbeat.interval.ms": int(args.session * 250),
    }
    if args.strategy == "consumer":
        given = {name: value for name, value in given.items() if name not in CLASSIC_ONLY}
        given["group.protocol"] = "consumer"
    return given | ({"group.instance.id": args.instance} if args.instance else {})


def run(member: Callable[[argparse.Namespace], Member]) -> None:
    """Say ``ready``, wait to be let in, serve."""

    async def serve() -> None:
        await member(args).serve()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    args = arguments()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGUSR1})
    asyncio.run(serve())
