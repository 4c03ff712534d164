"""The writers of all partitions whose tables are here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from schemas.errors import Unreachable
from streams.transport.sent import Sent, debtors
from streams.transport.tables.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from faust.types.tuples import RecordMetadata

    from clients.kafka.record import Outgoing
    from streams.transport.lease import Lease
    from streams.transport.tables.writer import Begin

FLUSH_WITHIN: Final = 10.0


class Writers:
    """One writer per partition number: its tables' changelogs move together.

    Args:
        group: of the app.
        begin: makes transactional producers.
        fail: told of a change that will never be stored.
        leases: every lease that agents work on.
    """

    def __init__(
        self, group: str, begin: Begin, fail: Callable[[BaseException], None], leases: Iterable[Lease]
    ) -> None:
        self._group = group
        self._begin = begin
        self._fail = fail
        self._leases = leases
        self._writers: dict[int, Writer] = {}

    async def move_to(self, numbers: Iterable[int], *, outdated: Callable[[], bool]) -> None:
        """Own these partitions and no others; who owned them before can write no more, were it this process.

        Args:
            numbers: of the partitions.
            outdated: asked, also by other threads, until they are owned; true ends that with ``Unreachable``.

        Raises:
            Refused: not allowed.
            Unreachable: closed, or outdated, before a broker answered.
        """
        await self.close()
        if outdated():
            raise Unreachable("the partitions are to be somebody else's")
        self._writers = {
            number: Writer(self._begin, f"{self._group}-{number}", self._fail, outdated)
            for number in sorted(set(numbers))
        }
        await asyncio.gather(*(writer.open() for writer in self._writers.values()))

    def send(self, record: Outgoing, stored: Callable[[RecordMetadata], None]) -> None:
        """Take a change, under the event of this task; ``stored`` is called when it is."""
        sent = Sent.under(debtors(self._leases), record, stored)
        self._give(record.partition, sent)

    def send_together(self, number: int, records: Iterable[Outgoing], stored: Callable[[RecordMetadata], None]) -> None:
        """Take records that become visible in one transaction, under the event of this task.

        Args:
            number: of the partition on whose behalf they are.
            records: changes of its tables, and others to any topics; at least one, in order.
            stored: called with where the first one is; below 0 when it will never be anywhere.
        """
        owing, tell, follows = debtors(self._leases), stored, False
        for record in records:
            self._give(number, Sent.under(owing, record, tell, follows=follows))
            tell, follows = _nobody, True

    def _give(self, number: int, sent: Sent) -> None:
        writer = self._writers.get(number)
        if writer is None:
            sent.drop()
        else:
            writer.send(sent)

    async def flush(self) -> None:
        """Wait until everything is stored, or for ten seconds."""
        waits = [asyncio.ensure_future(writer.flush()) for writer in self._writers.values()]
        if waits:
            _, late = await asyncio.wait(waits, timeout=FLUSH_WITHIN)
            for each in late:
                each.cancel()

    async def close(self) -> None:
        """Own nothing; what is not stored is dropped."""
        closing, self._writers = self._writers, {}
        await asyncio.gather(*(writer.close() for writer in closing.values()))


def _nobody(_position: RecordMetadata) -> None:
    """Nobody waits for it."""
