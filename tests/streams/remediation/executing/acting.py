"""Orders for machines of a simulator, carried out by real calls; what would be written down is noted in memory."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from time import time
from typing import TYPE_CHECKING, Any

from schemas.remediation.cause import Cause
from schemas.remediation.entity import Entity
from schemas.remediation.order import Order
from schemas.remediation.request import Request, request_id
from sinks.remediation.tags import Tags
from sinks.vsphere.sessions import Sessions
from streams.remediation.executing.attempt import Attempt, Halted
from streams.remediation.executing.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from streams.remediation.executing.ending import Ending


class Pad:
    """Notes: what was written down before each call, with what an undo has to know, and the tasks that were returned.

    Attributes:
        halted: why the call is not made; None: it is made.
    """

    def __init__(self) -> None:
        self.intended: list[tuple[str, ...]] = []
        self.before: list[dict[str, Any]] = []
        self.tasks: list[str] = []
        self.halted: str | None = None
        self.waited: list[int | None] = []

    async def ask(self, order: Order, plan: Plan, since: float, call: Callable[[], str]) -> str:
        del order, since
        self.intended.append(plan.changes)
        self.before.append(dict(plan.before))
        if self.halted:
            raise Halted(self.halted)
        self.tasks.append(await asyncio.to_thread(call))
        return self.tasks[-1]

    async def goes_on(self, order: Order, seconds: float, percent: Callable[[], int | None]) -> None:
        del order, seconds
        self.waited.append(await asyncio.to_thread(percent))


@contextmanager
def hands_of(*vcenters: VcenterConfig) -> Iterator[Hands]:
    """Hands with sessions of their own."""
    sessions, tags = Sessions(vcenters, timeout=5.0), Tags(vcenters)
    try:
        yield Hands(sessions, tags)
    finally:
        tags.close()
        sessions.close()


def order(target: Target, action: str = "power-off", **said: Any) -> Order:
    """An order for an object: approved just now, valid for a minute."""
    cause = Cause.model_validate({"source": "/tests", "id": "e1", "type": "t", "time": time()} | said.pop("cause", {}))
    request = Request(
        id=request_id("act", cause.source, cause.id),
        sink="act",
        action=action,
        parameters=said.pop("parameters", {}),
        scope=target.session.name,
        entity=Entity(vcenter=target.session.name, moref=target.moref, kind=target.kind, name=target.name),
        cause=cause,
        requester="sink/act",
        asked=time(),
    )
    given = {"id": request.id, "request": request, "decided": time(), "valid_until": time() + 60, "dry_run": False}
    return Order.model_validate(given | said)


def attempt(
    ordered: Order,
    hands: Hands,
    pad: Pad | None = None,
    *,
    timeout: float = 20.0,
    halted: str | None = None,
    objection: Callable[[Request], str | None] = lambda _: None,
    dry_run: bool = False,
) -> Attempt:
    """An attempt at an order."""

    async def blocking(call: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(call)

    return Attempt(
        ordered,
        hands,
        pad or Pad(),
        halted=lambda: halted,
        objection=objection,
        dry_run=ordered.dry_run or dry_run,
        blocking=blocking,
        timeout=timeout,
        clock=time,
    )


async def carried_out(ordered: Order, hands: Hands, pad: Pad | None = None, **said: Any) -> Ending:
    """How an order ends."""
    return await attempt(ordered, hands, pad, **said).carry_out()
