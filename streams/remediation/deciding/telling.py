"""What the world hears of a decision: the order for the executor, the audit, and whoever has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.remediation.order import Order
from streams.remediation.audit import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.remediation.decision import Decision
    from schemas.remediation.request import Request


def telling(
    prefix: str, decision: Decision, request: Request, *, configuration: str, valid_for: float
) -> Iterator[Outgoing]:
    """The records that follow from a decision; the same ones again for a request that comes again.

    Args:
        prefix: topic prefix.
        decision: on the request.
        request: what was asked.
        configuration: hash of the configuration that it was decided by.
        valid_for: seconds after which an order is not begun any more.
    """
    if decision.verdict == "approved" and decision.state is None:
        order = Order(
            id=decision.id,
            request=request,
            decided=decision.at,
            valid_until=decision.at + valid_for,
            dry_run=decision.dry_run,
            approver=decision.approver,
            configuration=configuration,
        )
        entity = request.entity
        key = entity.key if entity else request.scope
        yield Outgoing(topics.actions(prefix), order.encode(), key.encode())
    more: dict[str, Any] = {"configuration": configuration, "dryRun": decision.dry_run}
    for name in ("rule", "reason", "approver", "hops"):
        if value := getattr(decision, name):
            more[name] = value
    if decision.verdict == "parked" and decision.expires is not None:
        more |= {"expires": decision.expires, "approve": f"reflexarc remediation approve {decision.id}"}
    if not decision.approver:  # of a parked one this was told when it was parked
        yield from told(prefix, topics.DECIDE, "requested", request, at=request.asked, more={})
    yield from told(prefix, topics.DECIDE, decision.verdict, request, at=decision.at, more=more)
