"""Tables are rebuilt from their changelogs before an event of the new assignment is handed out."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from faust.types.tuples import Message
from mode import Service

from schemas.errors import Unreachable
from streams.transport import metrics
from streams.transport.tables.changelog import replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from faust.types import TP, EventT
    from faust.types.tables import CollectionT

    from streams.transport.app import TransportApp
    from streams.transport.consumer import Consumer
    from streams.transport.record import Record
    from streams.transport.tables.manager import Tables

log = logging.getLogger(__name__)


class Recovery(Service):
    """Takes the place of Faust's own, which seeks on the consumer of the group and mixes changelogs with events.

    Args:
        app: whose tables.
        tables: all of them.
    """

    mundane_level = "debug"

    def __init__(self, app: TransportApp, tables: Tables, **kwargs: Any) -> None:
        self._app = app
        self._tables = tables
        self.completed = asyncio.Event()
        super().__init__(**kwargs)

    def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Nothing to do: the next assignment begins from empty tables."""

    async def on_rebalance(self, *_args: Any, **_kwargs: Any) -> None:
        """Rebuild what is assigned now, then let events flow. The reader has events wait until this has returned."""
        changelogs = self._app.assignor.assigned_actives()
        if self._tables and not await self._own(changelogs):
            return
        await self._app.on_rebalance_complete.send()
        self._app.flow_control.resume()
        await self._app._fetcher.maybe_start()  # noqa: SLF001 - as Faust's own recovery does
        self._tables.on_actives_ready()
        self._tables.on_standbys_ready()
        self.completed.set()

    async def _own(self, changelogs: set[TP]) -> bool:
        """Have nobody else write these changelogs any more, then read them; whether all of that was done."""
        try:
            await self._tables.writers.move_to((tp.partition for tp in changelogs), outdated=self._outdated)
        except Unreachable:
            if not self._outdated():
                raise
            return False
        return await self._rebuild(changelogs)

    def _outdated(self) -> bool:
        """Whether these partitions may be somebody else's by now: who opened their ids then would fence the owner."""
        return self._tables.should_stop or cast("Consumer", self._app.consumer).outdated

    async def _rebuild(self, changelogs: set[TP]) -> bool:
        began, count = monotonic(), 0
        loop = asyncio.get_running_loop()
        for table in self._tables.values():
            table.data.clear()

        def take(records: Sequence[Record]) -> None:
            nonlocal count
            count += len(records)
            asyncio.run_coroutine_threadsafe(self._apply(records), loop).result()

        read = partial(replay, self._app.consumer_options, changelogs, take, explain=self._app.explain)
        if changelogs and not await asyncio.to_thread(read, stopped=self._outdated):
            return False
        for table in self._tables.values():
            actives = {tp for tp in changelogs if tp.topic == table.changelog_topic_name}
            await table.on_recovery_completed(actives, set())
        elapsed = monotonic() - began
        metrics.RECOVERY.observe(elapsed)
        log.info("tables rebuilt from %d records of %d changelogs in %.2f s", count, len(changelogs), elapsed)
        return True

    async def _apply(self, records: Sequence[Record]) -> None:
        """Apply one batch, grouped by table, in order within each partition."""
        events: dict[CollectionT, list[EventT[Any]]] = {}
        for record in records:
            table = self._tables.of_changelog(record.topic)
            event = await table.changelog_topic.decode(_message(record), propagate=True)
            events.setdefault(table, []).append(event)
            await table.on_changelog_event(event)
        for table, batch in events.items():
            cast("Any", table).apply_changelog_batch(cast("Iterable[Any]", batch))


def _message(record: Record) -> Message:
    return Message(
        record.topic,
        record.partition,
        record.offset,
        record.timestamp / 1000,
        0,
        cast("Any", dict(record.headers)),
        record.key,
        record.value,
        None,
    )
