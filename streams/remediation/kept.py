"""Records that a role keeps by partition and id, in a changelog of Kafka; and what it tells of each.

What is told is in the transaction of the change: who reads committed records hears of every change that is stored, and
of no other; and no former owner of a partition writes behind its back.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from clients.kafka.record import Outgoing
from schemas.errors import ReflexarcError
from schemas.remediation.model import InvalidRemediation, Record
from streams.transport.lease import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from faust.types.tuples import RecordMetadata

    from streams.transport.app import TransportApp
    from streams.transport.tables.manager import Tables

R = TypeVar("R", bound=Record)


class Kept(Generic[R]):
    """One table; rebuilt whenever partitions come.

    What is stored is stored under the lease of the chunk that the task works on: nothing that is reported behind it is
    committed before.

    Args:
        app: gets the table; it must not have started.
        name: of the table.
        changelog: its topic.
        model: of the records.
        identity: the id of a record.
    """

    def __init__(
        self, app: TransportApp, name: str, changelog: str, model: type[R], identity: Callable[[R], str]
    ) -> None:
        self._app = app
        self._changelog = changelog
        self._model = model
        self._identity = identity
        self._table: Any = app.Table(name, key_type=bytes, value_type=bytes)
        self._table.on_recover(self._recovered)
        self._left: dict[int, list[tuple[bytes, bytes]]] = {}
        self._given: set[int] = set()

    def left(self, number: int) -> list[R]:
        """What former owners of a partition have left; for a new one of its owners, once.

        Raises:
            ReflexarcError: a record cannot be read.
            Revoked: it was given already, and has changed since: the partition is about to leave, and whoever has it
                next finds all of it.
        """
        if number in self._given:
            raise Revoked
        self._given.add(number)
        return [self._decoded(key, value) for key, value in self._left.pop(number, [])]

    def unclaimed(self) -> set[int]:
        """Partitions of which former owners have left something that nobody has asked for yet."""
        return set(self._left)

    def put(self, number: int, record: R, telling: Iterable[Outgoing] = ()) -> None:
        """Store a record in place of the one that has its id, and publish others with it: all of it or nothing.

        Raises:
            InvalidRemediation: the record is too large; nothing of it is stored. Likewise what making ``telling`` does.
        """
        self._send(number, record, telling, _nothing)

    async def put_through(self, number: int, record: R, telling: Iterable[Outgoing] = ()) -> None:
        """As ``put``, and wait until the broker has it.

        Raises:
            Revoked: it never will: the partition is somebody else's.
        """
        stored: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def settled(position: RecordMetadata) -> None:
            if not stored.done():
                stored.set_result(position.offset)

        self._send(number, record, telling, settled)
        if await stored < 0:
            raise Revoked

    def forget(self, number: int, ids: Iterable[str]) -> None:
        """Drop the records with these ids."""
        for each in ids:
            self._writers.send(self.drop(number, each), _nothing)

    def change(self, number: int, record: R) -> Outgoing:
        """What stores a record, to be published with the change of another table.

        Raises:
            InvalidRemediation: the record is too large.
        """
        return Outgoing(self._changelog, record.encode(), _key(number, self._identity(record)), partition=number)

    def drop(self, number: int, name: str) -> Outgoing:
        """What drops the record with an id, likewise."""
        return Outgoing(self._changelog, None, _key(number, name), partition=number)

    def tell(self, number: int, records: Sequence[Outgoing]) -> None:
        """Publish records, one at least, on behalf of a partition: all of them or none."""
        self._writers.send_together(number, records, _nothing)

    def _send(
        self, number: int, record: R, telling: Iterable[Outgoing], stored: Callable[[RecordMetadata], None]
    ) -> None:
        self._writers.send_together(number, (self.change(number, record), *telling), stored)

    @property
    def _writers(self) -> Any:
        return cast("Tables", self._app.tables).writers

    async def _recovered(self) -> None:
        left: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
        for key, stored in self._table.data.items():
            left[int(key.partition(b"/")[0])].append((key, stored))
        self._table.data.clear()  # From now on whoever works on the partitions has it.
        self._left = dict(left)
        self._given.clear()

    def _decoded(self, key: bytes, value: bytes) -> R:
        try:
            return self._model.decode(value)
        except InvalidRemediation as error:
            raise ReflexarcError(
                f"{self._changelog}: the record with the key {key.decode(errors='replace')} {error}",
                cure="if a newer release has written it, run that one; else write a record without a value with that "
                "key, and it is forgotten",
            ) from None


def _key(number: int, name: str) -> bytes:
    return b"%d/%s" % (number, name.encode())


def _nothing(_position: RecordMetadata) -> None:
    """Nobody waits for it."""
