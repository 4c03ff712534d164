"""What the world hears of a decision: the order for the executor, the audit, and whoever has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.kafka.record import Outgoing
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.remediation.decision import Decision
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from streams.remediation.voice import Voice


def telling(
    voice: Voice, decision: Decision, request: Request, order: Order | None, *, configuration: str, first: bool
) -> Iterator[Outgoing]:
    """The records that follow from a decision.

    Args:
        voice: tells it.
        decision: on the request.
        request: what was asked.
        order: what the executor is told, if anything.
        configuration: hash of the configuration that it was decided by.
        first: whether nothing was decided on it before.
    """
    if order is not None:
        entity = request.entity
        key = entity.key if entity else request.scope
        yield Outgoing(topics.actions(voice.prefix), order.encode(), key.encode())
    more: dict[str, Any] = {"configuration": configuration, "dryRun": decision.dry_run}
    for name in ("rule", "reason", "approver", "hops"):
        if value := getattr(decision, name):
            more[name] = value
    if decision.verdict == "parked" and decision.expires is not None:
        more |= {"expires": decision.expires, "approve": f"reflexarc remediation approve {decision.id}"}
    if first:
        yield from voice.told("requested", request, at=request.asked, more={})
    yield from voice.told(decision.verdict, request, at=decision.at, more=more)
