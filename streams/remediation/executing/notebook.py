"""How far an order is, written down before and after the one call that changes something."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from clients.vsphere.faults import VsphereFault
from schemas.errors import Refused, Unreachable
from schemas.remediation.beginning import Beginning
from schemas.remediation.intent import Intent
from streams.remediation.executing.attempt import Halted
from streams.transport.lease import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from schemas.keys import Key
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from sinks.vsphere.actions import Plan
    from streams.remediation.executing.attempt import Blocking
    from streams.remediation.executing.share import Share
    from streams.remediation.kept import Kept
    from streams.remediation.voice import Voice


MOST: Final = 64
"""Changes that are written down of one action."""

LONGEST: Final = 512
"""Characters of one of them."""

FIRST: Final = 30.0
GROWTH: Final = 4.0
LATER: Final = 1800.0
"""Seconds after which somebody hears that it goes on; each time after so many times as many, not oftener than that."""

LARGEST: Final = 64 * 2**10
"""Bytes of what an undo has to know."""


class Notebook:
    """Writes down how far an order is, under the lease of its partition.

    Args:
        voice: tells of it.
        kept: the journal's table.
        share: of the partition.
        blocking: runs calls in threads.
        halted: why nothing may be asked for now, or None.
        ring: keys that what an undo has to know is signed with; without any it is not.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        voice: Voice,
        kept: Kept[Intent],
        share: Share,
        *,
        blocking: Blocking,
        halted: Callable[[], str | None],
        ring: Callable[[], Sequence[Key]],
        clock: Callable[[], float],
    ) -> None:
        self._voice = voice
        self._kept = kept
        self._next = FIRST
        self._share = share
        self._blocking = blocking
        self._halted = halted
        self._ring = ring
        self._clock = clock

    async def ask(self, order: Order, plan: Plan, since: float, call: Callable[[], str]) -> str:
        """Have the broker know what will be asked for, ask by the call, and note the task that it returns.

        Raises:
            Halted: nothing was asked for.
            Revoked: likewise: the partition is somebody else's.
        """
        found = found_by(plan)
        intent = Intent(
            id=order.id,
            stage="intended",
            order=order,
            since=since,
            changes=bounded(plan.changes),
            before=found["before"],
            at=self._clock(),
        )
        more = {"changes": intent.changes, **found, "configuration": order.configuration}
        more |= signature(order.request, found["before"], self._ring())
        tell = self._voice.told("started", order.request, at=intent.at, more=more)
        async with self._share.lease.work():
            await self._kept.put_through(self._share.number, intent, tell)
            self._share.journal.put(intent)
            task = await self._blocking(partial(self._unless_halted, call))
            begun = intent.model_copy(update={"stage": "begun", "task": task, "at": self._clock()})
            self._share.journal.put(begun)
            self._kept.put(self._share.number, begun)
            return task

    async def goes_on(self, order: Order, seconds: float, percent: Callable[[], int | None]) -> None:
        """Have whoever waits hear that it takes its time, now and then.

        Raises:
            Revoked: the partition is somebody else's.
        """
        if not self._voice.reaches(order.request.errand) or seconds < self._next:
            return
        self._next = seconds + min(seconds * GROWTH, LATER)
        known = None
        with suppress(VsphereFault, Refused, Unreachable):
            known = await self._blocking(percent)
        said = self._voice.replied("progress", order.request, at=self._clock(), more={"percent": known})
        async with self._share.lease.work():
            self._kept.tell(self._share.number, said)

    def _unless_halted(self, call: Callable[[], str]) -> str:
        """In the thread: it may have waited for one."""
        if reason := self._halted():
            raise Halted(reason)
        if not self._share.lease.open:
            raise Revoked
        return call()


def bounded(changes: Sequence[str]) -> tuple[str, ...]:
    """Changes in words, so many and so long that a record has room for them."""
    kept = tuple(each[:LONGEST] for each in changes[:MOST])
    return kept if len(changes) <= MOST else (*kept[:-1], f"and {len(changes) - MOST + 1} more")


def found_by(plan: Plan) -> dict[str, Any]:
    """What an undo has to know, as ``before``; where that is too much to be written down, ``irreversible`` says so."""
    before = dict(plan.before)
    if len(orjson.dumps(before)) <= LARGEST:
        return {"before": before}
    return {"before": {}, "irreversible": f"what it had found takes more than the {LARGEST} bytes that are kept"}


def signature(request: Request, before: Mapping[str, Any], ring: Sequence[Key]) -> dict[str, Any]:
    """By which an undo is believed, as ``signature``; nothing where there is no key, or nothing to be taken back."""
    begun = Beginning.of(request, before)
    return {"signature": begun.signed(ring)} if ring and begun is not None else {}
