"""Faust's table manager with our recovery."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from faust.exceptions import ImproperlyConfigured
from faust.tables import TableManager

from streams.transport.tables.recovery import Recovery
from streams.transport.tables.writers import Writers

if TYPE_CHECKING:
    from faust.types.tables import CollectionT

    from streams.transport.app import TransportApp


class Tables(TableManager):
    """Starts tables without subscribing to their changelogs: the recovery reads those by itself."""

    mundane_level = "debug"

    def add(self, table: CollectionT) -> CollectionT:
        """Register a table before the app starts.

        Raises:
            ImproperlyConfigured: the table needs more than its own source partitions, or chooses partitions itself; or
                the app has no transactions.
        """
        if cast("TransportApp", self.app).transactions is None:
            raise ImproperlyConfigured(f"{table.name}: an app with tables needs transactions")
        options = cast("Any", table)
        if options.is_global or options.use_partitioner:
            raise ImproperlyConfigured(f"{options.name}: global tables and use_partitioner are not on this transport")
        return super().add(table)

    def of_changelog(self, topic: str) -> CollectionT:
        """The table that a changelog belongs to."""
        return self._changelogs[topic]

    @property
    def recovery(self) -> Any:
        """Our recovery; Faust knows it by this name."""
        if self._recovery is None:
            self._recovery = cast(
                "Any", Recovery(cast("TransportApp", self.app), self, beacon=self.beacon, loop=self.loop)
            )
        return self._recovery

    @cached_property
    def writers(self) -> Writers:
        """What stores the changes of all tables."""
        app = cast("TransportApp", self.app)
        assert app.transactions is not None  # noqa: S101 - ``add`` has seen to it
        return Writers(app.conf.id, app.transactions, app.fail, app.leases)

    async def on_start(self) -> None:
        """Call when the manager is starting."""
        await self._update_channels()
        await self.recovery.start()

    async def on_stop(self) -> None:
        """Call when the manager is stopping."""
        if self:
            await self.writers.close()
        await super().on_stop()

    async def _update_channels(self) -> None:
        self._tables_finalized.set()
        for table in self.values():
            await table.maybe_start()
        self._tables_registered.set()
