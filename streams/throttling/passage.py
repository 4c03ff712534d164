"""How an event comes to a throttle, and how it goes on to the sinks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.deadletters import ORIGIN
from streams.delivery.origins import WRITTEN
from streams.transport.tick import TICK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.transport import Record

THROTTLED: Final = "reflexarc_throttled"
"""How many events the record stands for, itself included."""

KEY: Final = "reflexarc_key"
"""The key that the record had before it was throttled, and will have again; absent when it had none."""

_OURS: Final = frozenset({THROTTLED, KEY, TICK})


def towards(
    prefix: str, route: str, group: bytes, record: Record, headers: Sequence[tuple[str, bytes | None]]
) -> Outgoing:
    """The record for a route's throttle: keyed by its group, ``headers`` behind those it has.

    Without those of its headers that a throttle would take for its own.
    """
    theirs = [header for header in record.headers if header[0] not in _OURS]
    key = () if record.key is None else ((KEY, record.key),)
    return Outgoing(topics.throttle(prefix, route), record.value, group, [*theirs, *headers, *key])


def onwards(prefix: str, sinks: Iterable[str], record: Record, count: int) -> Iterator[Outgoing]:
    """The records for the sinks: with the key it had, and the number of events it stands for.

    Without its origin: of what a sink has seen meanwhile, by other routes, much is newer.
    """
    key = next((value for name, value in reversed(record.headers) if name == KEY), None)
    headers = [(name, value) for name, value in record.headers if name not in {KEY, ORIGIN, WRITTEN}]
    headers.append((THROTTLED, str(count).encode()))
    for sink in sinks:
        yield Outgoing(topics.sink(prefix, sink), record.value, key, headers)
