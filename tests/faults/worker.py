"""The usual worker: lanes per key, a file as its sink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.lanes import Lanes
from tests.faults.member import Member, run
from tests.faults.sink import FileSink

if TYPE_CHECKING:
    import argparse

    from streams.transport.app import TransportApp


class Worker(Member):
    """Also tells what waits in its lanes, what its sink has in hand, and how its drains went."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(args)
        self._sink = FileSink(
            args.out, args.name, slow=args.slow, hang=frozenset(args.hang), stop_after=args.stop_after
        )

    def declare(self, app: TransportApp) -> None:
        """Have chunks taken apart into lanes."""
        self._lanes = Lanes(self._sink.deliver, app.fail, in_flight=self.args.in_flight)
        app.consume(self.args.topic, "lanes", self._lanes.take)

    def report(self) -> dict[str, Any]:
        """How it stands."""
        return super().report() | {
            "taken": self._lanes.taken,
            "running": self._sink.running,
            "cancelled": self._sink.cancelled,
            "drain": self._sink.drains.longest,
        }


def main() -> None:
    run(Worker)


if __name__ == "__main__":
    main()
