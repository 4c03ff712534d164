"""The contract between the delivery engine and every connector.

The engine calls ``open`` before the first event, and again before the next attempt after either method has found the
destination away; ``send`` for one event at a time; ``close`` once. Retry, order and dead-lettering live in the engine,
so a connector only translates: event to wire, answer to outcome.

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
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig


@dataclass(frozen=True, slots=True)
class SinkContext:
    """What the connectors of one process share; whoever makes it closes ``http`` after the last of them.

    Attributes:
        vcenters: every configured vCenter by name.
        http: the HTTP client; it starts with its first request.
    """

    vcenters: Mapping[str, VcenterConfig]
    http: Client = field(default_factory=Client)


class Sink(Protocol):
    """One configured destination."""

    async def open(self) -> None:
        """Connect, or verify that connecting is possible.

        Raises:
            Unavailable: the destination is away; the engine calls again with the sink's back-off.
            Refused: the destination answered no (credentials); the engine treats it as being away.
        """

    async def send(self, event: CloudEvent) -> None:
        """Deliver one event; returning means that the destination has accepted it.

        Raises:
            Retry: try this event again.
            Reject: dead-letter this event.
            Unavailable: the destination is away; no attempt is counted against the event.
        """

    async def close(self) -> None:
        """Release every connection; called once, also after a failed ``open``."""
