"""A worker that keeps a table: an ordinary agent, a state per key, a line per event that it has applied.

It takes the arguments of the usual one, and writes down every table that it has recovered in ``<name>.recovered``.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.transactions import Transactions
from ops.demo.journal import Journal
from tests.faults.event import Event
from tests.faults.member import Member, run
from tests.faults.tables.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing, Position
    from streams.transport.app import TransportApp

TABLE: Final = "counts"
PACE: Final = 0.003
LAG: Final = 0.4
OPEN: Final = 0.1


class Lagging(Transactions):
    """As if the broker were half a second away: a fault always finds changes that it has not got."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        write = self._producer.write

        def lag(records: Sequence[Outgoing]) -> list[Position]:
            """Begin a transaction, later, and leave it open for a while."""
            time.sleep(LAG)
            positions = write(records)
            time.sleep(OPEN)
            return positions

        self._producer.write = lag  # type: ignore[method-assign]


class TableWorker(Member):
    """Applies each event to the state of its key."""

    transactions = Lagging

    def declare(self, app: TransportApp) -> None:
        """Give the app its table, and the agent that changes it."""
        name = self.args.name
        applied, recovered = Journal(self.args.out), Journal(self.args.out.with_name(f"{name}.recovered"))
        table: Any = app.Table(TABLE, default=list, key_type=bytes)

        @app.agent(app.topic(self.args.topic))
        async def apply(stream: Any) -> None:
            async for record in stream.events():
                await asyncio.sleep(PACE)
                event = Event.of(record.value)
                before = State(*table[record.key])
                after = before.after(event.seq)
                if after != before:
                    table[record.key] = list(after)
                applied.write(
                    {
                        **event._asdict(),
                        "partition": record.message.partition,
                        "offset": record.message.offset,
                        "worker": name,
                        "at": time.time(),
                        "changed": after != before,
                    }
                )

        async def write_down() -> None:
            partitions = len(app.consumer.assignment())
            recovered.write({"partitions": partitions, "table": {key.decode(): value for key, value in table.items()}})

        table.on_recover(write_down)


def main() -> None:
    run(TableWorker)


if __name__ == "__main__":
    main()
