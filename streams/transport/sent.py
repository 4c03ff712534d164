"""A record that was sent under an event, and whose event that was: it is stored before that event is committed."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from faust import current_event
from faust.types import TP
from faust.types.tuples import RecordMetadata

from clients.kafka.record import Position
from streams.transport.message import LeasedMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from clients.kafka.record import Outgoing
    from streams.transport.lease import Lease

CHUNK_LEASE: ContextVar[Lease | None] = ContextVar("CHUNK_LEASE", default=None)
"""The lease of the chunk that this task works on."""

_NOWHERE: Final = Position(-1, -1)


class Sent(NamedTuple):
    """One record on its way, and the debts that its storing pays.

    Attributes:
        follows: whether it is stored together with the one before it, or not at all.
    """

    record: Outgoing
    debts: tuple[tuple[Lease, int], ...]
    stored: Callable[[RecordMetadata], None]
    follows: bool = False

    @classmethod
    def under(
        cls,
        owing: Iterable[Lease],
        record: Outgoing,
        stored: Callable[[RecordMetadata], None],
        *,
        follows: bool = False,
    ) -> Self:
        """One that these leases owe; ``stored`` is called when it is."""
        return cls(record, tuple((lease, lease.owe()) for lease in owing), stored, follows)

    @property
    def idle(self) -> bool:
        """Whether all its partitions are somebody else's by now: what their owners have read must not be changed."""
        return bool(self.debts) and all(lease.gone for lease, _ in self.debts)

    def settle(self, position: Position) -> None:
        """Pay, and tell who waits; one that was dropped came to rest nowhere."""
        for lease, debt in self.debts:
            lease.pay(debt)
        topic = self.record.topic
        self.stored(RecordMetadata(topic, position.partition, TP(topic, position.partition), position.offset))

    def drop(self) -> None:
        """Give it up: what its leases owe can never be stored, so nothing reported behind it is ever committed."""
        for lease, _ in self.debts:
            lease.forfeit()
        self.settle(_NOWHERE)


def debtors(leases: Iterable[Lease]) -> tuple[Lease, ...]:
    """Under whose event this task sends; under all that are worked on when it cannot be told, as in ``take``."""
    chunk = CHUNK_LEASE.get()
    if chunk is not None:
        return (chunk,)
    event = current_event()
    if event is not None and isinstance(event.message, LeasedMessage):
        return (event.message.lease,)
    return tuple(lease for lease in leases if lease.running and not lease.gone)


def without_idle(taken: Sequence[Sent]) -> list[Sent]:
    """Those that are somebody's; the others are settled, as nobody waits for them to be stored."""
    for sent in taken:
        if sent.idle:
            sent.settle(_NOWHERE)
    return [sent for sent in taken if not sent.idle]
