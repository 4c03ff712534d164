"""The table of counts: tallies that go on, in a changelog of Kafka, and the rows that they become in the end.

Rows go the way of changes: in order behind them, in their transactions, fenced as they are. So nobody who reads
committed records sees the row of a tally that a kill has undone, and no former owner of a partition writes behind its
back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson

from schemas import topics
from streams.analytics.occurrence import Subject
from streams.analytics.tally import Mark, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.kafka.record import Outgoing
    from streams.analytics.book import Counted
    from streams.transport.app import TransportApp
    from streams.transport.tables.manager import Tables


@dataclass(slots=True)
class Left:
    """What the former owners of a partition have left behind."""

    mark: Mark | None = None
    tallies: list[Counted] = field(default_factory=list)


class Counts:
    """Tallies by partition and subject, with how far a partition is counted; rebuilt whenever partitions come.

    What is stored is stored under the lease of the chunk that the task works on: nothing that is reported behind it is
    committed before.

    Args:
        app: gets the table; it must not have started.
    """

    def __init__(self, app: TransportApp) -> None:
        self._app = app
        self._table: Any = app.Table(topics.COUNTS, key_type=bytes)
        self._table.on_recover(self._recovered)
        self._left: dict[int, Left] = {}

    def left(self, number: int) -> Left:
        """What is found of a partition; for a new one of its owners."""
        return self._left.pop(number, Left())

    def keep(self, number: int, tallies: Iterable[Counted]) -> None:
        """Store tallies as they are now."""
        for subject, tally in tallies:
            self._change(number, subject, tally.plain())

    def mark(self, number: int, mark: Mark) -> None:
        """Store up to where the partition is counted."""
        self._change(number, (), list(mark))

    def forget(self, number: int, subject: Subject, row: Outgoing) -> None:
        """Replace a tally by its row."""
        cast("Tables", self._app.tables).writers.send(row, lambda _position: None)
        self._table.send_changelog(number, _key(number, subject), None, value_serializer="raw")

    def _change(self, number: int, subject: Iterable[object], value: list[int]) -> None:
        self._table.send_changelog(number, _key(number, subject), value)

    async def _recovered(self) -> None:
        left: dict[int, Left] = defaultdict(Left)
        for key, stored in self._table.data.items():
            number, *subject = orjson.loads(key)
            if subject:
                left[number].tallies.append((Subject(*subject), Tally.of(stored)))
            else:
                left[number].mark = Mark(*stored)
        self._table.data.clear()  # From now on the books of the partitions have it.
        self._left = dict(left)


def _key(number: int, subject: Iterable[object]) -> bytes:
    return orjson.dumps([number, *subject])
