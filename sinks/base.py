"""The contract between the delivery engine and every connector.

The engine calls ``open`` before the first event, and again before the next attempt after either method has found the
destination away; then ``send`` for each event, for as many at once as ``in_flight`` says but never for two of one key
when the sink is ordered; ``close`` once. A connector that can hand over several events in one go has ``send_batch`` as
well (``BatchSink``). Retry, order, rate and dead-lettering live in the engine, so a connector only translates: event to
wire, answer to outcome. One that remembers something of an event between its attempts has ``forget(event)`` too: the
engine calls it when it has given the event up, lest what is remembered answer for it when it is sent again. One whose
destination only keeps what it gets, and does nothing about it, says so on the class with ``side_effects: ClassVar[bool]
= False``; a replay asks before it writes for any other.

A call is cancelled when the event's partition moves to another process. A cancelled ``send`` returns only when nothing
more can happen on our side: what has not begun does not begin, and work that cannot be recalled, such as a call in a
thread, is waited for. What the destination has received by then may still take effect there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from clients.http import Client
from schemas.config import SinkConfig as SinkConfig  # noqa: PLC0414 - connectors derive their model from it

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from clients.kafka.publisher import Publisher
    from schemas.cloudevents import CloudEvent
    from schemas.config import KafkaConfig, VcenterConfig
    from schemas.errors import DeliveryError
    from schemas.remediation.request import Request


@dataclass(frozen=True, slots=True)
class SinkContext:
    """What the connectors of one process share; whoever makes it closes ``http`` after the last of them.

    Attributes:
        vcenters: every configured vCenter by name.
        http: the HTTP client; it starts with its first request.
        kafka: how this installation's brokers are reached; None where there are none.
        objection: why the limits of ``remediation`` never let a request pass, of its object as the request has it; None
            when they may. What hangs on the moment is not asked.
        publisher: the producer for topics of this installation, started and closed by whoever makes the context.
    """

    vcenters: Mapping[str, VcenterConfig]
    http: Client = field(default_factory=Client)
    kafka: KafkaConfig | None = None
    publisher: Publisher | None = None
    objection: Callable[[Request], str | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The destination has the event.

    Attributes:
        replies: events that it answered with; the engine stores them among the events before this one counts as done.
    """

    replies: tuple[CloudEvent, ...] = ()


class Sink(Protocol):
    """One configured destination."""

    async def open(self) -> None:
        """Connect, or verify that connecting is possible.

        Raises:
            Unavailable: the destination is away; the engine calls again with the sink's back-off.
            Refused: the destination answered no (credentials); the engine treats it as being away.
        """

    async def send(self, event: CloudEvent) -> Accepted | None:
        """Deliver one event; returning means that the destination has accepted it, None that it had nothing to say.

        Raises:
            Retry: try this event again.
            Reject: dead-letter this event.
            Unavailable: the destination is away; no attempt is counted against the event.
        """

    async def close(self) -> None:
        """Release every connection; called once, also after a failed ``open``."""


class BatchSink(Sink, Protocol):
    """A destination that takes several events in one go.

    Attributes:
        batch: how many at most; with 1 the engine uses ``send``.
    """

    batch: int

    async def send_batch(self, events: Sequence[CloudEvent]) -> Sequence[Accepted | DeliveryError | None]:
        """Deliver events, of one key at most one when the sink is ordered; what became of each, in their order.

        Only what is answered with a ``Retry`` is sent again, by itself or in another company. One and the same
        ``Retry`` or ``Reject``, the very object, for several of them, as well as one that is raised, leaves open which
        is at fault: unless it is about the sink, each is sent again by itself, and it counts against none.

        Raises:
            Retry, Reject, Unavailable: as ``send``, of all of them.
        """
