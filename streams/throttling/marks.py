"""The table of marks: what throttles remember, in a changelog of Kafka."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from schemas import topics
from streams.throttling.mark import Mark
from streams.throttling.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.transport.app import TransportApp

Portion = tuple[str, int]
"""A route and a partition."""


class Marks:
    """Marks by route, partition and group; rebuilt whenever partitions come.

    What is stored is stored under the lease of the chunk that the task works on: nothing that is reported behind it is
    committed before.

    Args:
        app: gets the table; it must not have started.
    """

    def __init__(self, app: TransportApp) -> None:
        self._table: Any = app.Table(topics.MARKS, key_type=bytes)
        self._table.on_recover(self._recovered)
        self._found: dict[Portion, dict[bytes, Mark]] = {}

    def of(self, place: Portion) -> Remembered:
        """What former owners of a partition have stored; for a new one of its owners."""
        return Remembered(self._found.pop(place, {}).items())

    def store(self, place: Portion, marks: Iterable[tuple[bytes, Mark | None]]) -> None:
        """Store changes, in order; None forgets a group."""
        for group, mark in marks:
            key = _key(place, group)
            if mark is None:
                self._table.data.pop(key, None)
                self._table.send_changelog(place[1], key, None, value_serializer="raw")
            else:
                self._table.data[key] = mark.plain()
                self._table.send_changelog(place[1], key, mark.plain())

    async def _recovered(self) -> None:
        found: dict[Portion, dict[bytes, Mark]] = defaultdict(dict)
        for key, stored in self._table.data.items():
            route, number, group = key.split(b"/", 2)
            found[route.decode(), int(number)][group] = Mark.of(stored)
        self._found = found


def _key(place: Portion, group: bytes) -> bytes:
    route, number = place
    return b"%s/%d/%s" % (route.encode(), number, group)
