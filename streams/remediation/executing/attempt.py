"""One order from beginning to end: plan, write down, ask once, wait, verify. What cannot be proven is unknown."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from clients.vsphere.faults import NOT_FOUND, VcenterAway, VsphereFault
from clients.vsphere.task import TaskUnfinished
from schemas.errors import DeliveryError, ReflexarcError, Refused, Retry, Unreachable
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.remedy import TRANSIENT, UNSETTLED
from streams.remediation.executing.ending import Ending
from streams.remediation.executing.hands import verifiable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schemas.remediation.decision import State
    from schemas.remediation.intent import Intent
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from sinks.vsphere.actions import Plan
    from streams.remediation.executing.hands import Hands

T = TypeVar("T")

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0

SLICE: Final = 5.0
"""Seconds of one wait for a task: a thread is given up no later, when nobody wants the end any more."""

GRACE: Final = 2.0
"""Seconds after which a call that was cut off has reached the vCenter, or never will."""

log = logging.getLogger(__name__)


class Halted(ReflexarcError):  # noqa: N818 - reads as the state it names
    """Somebody has stopped remediation before the change was asked for."""


class Notes(Protocol):
    """Where it is written down how far an order is."""

    async def ask(self, order: Order, plan: Plan, since: float, call: Callable[[], str]) -> str:
        """Have the broker know what will be asked for, ask by the call, and note the task that it returns.

        Raises:
            Halted: nothing was asked for.
            Revoked: likewise: somebody else does it now.
        """

    async def goes_on(self, order: Order, seconds: float, percent: Callable[[], int | None]) -> None:
        """Have whoever waits hear that it takes its time.

        Args:
            order: which.
            seconds: for how long its task has been waited for.
            percent: asks how much of it is done.
        """


class Blocking(Protocol):
    """Runs calls in threads."""

    async def __call__(self, call: Callable[[], T]) -> T:
        """What the call returns or raises."""


class Attempt:
    """Carries out one order.

    Args:
        order: what was decided.
        hands: what it is done with.
        notes: where it is written down.
        halted: why nothing may be begun now, or None.
        objection: why a request may not be carried out, of an object as it is now, or None.
        dry_run: whether it is only planned.
        blocking: runs a call in a thread.
        timeout: seconds from the first call on; then the outcome is unknown.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        order: Order,
        hands: Hands,
        notes: Notes,
        *,
        halted: Callable[[], str | None],
        objection: Callable[[Request], str | None],
        dry_run: bool,
        blocking: Blocking,
        timeout: float,
        clock: Callable[[], float],
    ) -> None:
        self._order = order
        self._hands = hands
        self._notes = notes
        self._halted = halted
        self._objection = objection
        self._dry_run = dry_run
        self._blocking = blocking
        self._deadline = monotonic() + timeout
        self._clock = clock
        self._changes: tuple[str, ...] = ()
        self._left: tuple[str, ...] = ()
        self._before: Mapping[str, Any] = {}
        self._task = ""
        self._asked = False
        self._stepped = False
        self._busy = False

    async def carry_out(self) -> Ending:
        """Begin it, and see it to its end.

        Raises:
            Revoked: it is somebody else's by now; nothing is known of its end here.
        """
        return await self._from_the_plan()

    async def resume(self, intent: Intent) -> Ending:
        """Find out what became of it, and see it to its end.

        Raises:
            Revoked: as above.
        """
        self._changes, self._task, self._asked = intent.changes, intent.task, True
        self._before = intent.before
        begun = intent.stage == "begun"
        ending = await (self._to_the_end() if begun else self._after_no_answer(intent.since))
        return ending or await self._from_the_plan()

    async def _from_the_plan(self) -> Ending:
        pause = FIRST_PAUSE
        while (ending := await self._round()) is None:
            if monotonic() >= self._deadline:
                return self._ending("failed", "not possible, however often it was asked for")
            pause = FIRST_PAUSE if not self._busy else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
        return ending

    async def _round(self) -> Ending | None:
        """Plan, and change what is left to be changed; None when there may be more to do."""
        if not self._asked and (reason := await self._reason_not_to()):
            return self._ending("refused", f"the vCenter was busy with it; {reason}" if self._busy else reason)
        try:
            plan = await self._patiently(lambda: self._hands.plan(self._order))
            since = await self._patiently(lambda: self._hands.clock(self._order))
        except (DeliveryError, Refused, VsphereFault, Unreachable) as error:
            return self._without_a_plan(error)
        self._left = plan.left
        if not plan.changes:
            return self._ending("succeeded", "" if self._asked else "nothing to do")
        return await self._change(plan, since)

    async def _change(self, plan: Plan, since: float) -> Ending | None:
        if plan.rest:  # what there was before its first step is known from then only
            self._stepped, plan = True, replace(plan, before=self._before)
        self._before = plan.before
        if self._asked and (reason := await self._reason_to_stop()):
            return self._ending("failed" if self._stepped else "refused", f"it was not done, and {reason}")
        self._changes = plan.changes
        if self._dry_run:
            return self._ending("planned")
        return await self._ask(plan, since)

    async def _reason_not_to(self) -> str | None:
        """Why it is not begun; of the object as it is now."""
        if reason := self._too_late() or self._halted():
            return reason
        try:
            if reason := await self._patiently(lambda: self._hands.ceased(self._order)):
                return reason
            entity = await self._patiently(lambda: self._hands.entity(self._order))
        except (DeliveryError, Refused, VsphereFault, Unreachable) as error:
            return str(error)
        return self._objection(self._order.request.model_copy(update={"entity": entity}))

    async def _reason_to_stop(self) -> str | None:
        """Why it does not go on, of which nothing or only a part was done."""
        return self._halted() if self._stepped else await self._reason_not_to()

    def _without_a_plan(self, error: Exception) -> Ending:
        if not self._asked:
            return self._ending("refused", str(error))
        gone = isinstance(error, VsphereFault) and error.fault == NOT_FOUND
        action = ACTIONS[self._order.request.action]
        # One that can bring it back plans without it, too: what is gone then is something else, such as the datastore.
        if gone and action.removes and not action.undoable:
            return self._ending("succeeded")
        return self._ending("unknown", f"its state cannot be read: {error}")

    # The steps below give None when the change was not made, or not all of it, and may be asked for again.

    async def _ask(self, plan: Plan, since: float) -> Ending | None:
        try:
            start = partial(self._hands.start, self._order, plan)
            self._task = await self._notes.ask(self._order, plan, since, start)
            self._asked = True
        except Halted as halted:
            return self._ending("failed" if self._asked else "refused", str(halted))
        except VsphereFault as fault:
            return self._after_fault(fault)
        except Refused as refusal:
            return self._ending("failed", str(refusal))
        except VcenterAway as away:
            log.warning("action %s: %s; looking for what became of it", self._order.id, away)
            self._asked = True
            return await self._after_no_answer(since)
        return await self._to_the_end()

    async def _to_the_end(self) -> Ending | None:
        try:
            await self._waited()
        except VsphereFault as fault:
            if fault.fault == NOT_FOUND:
                return await self._by_its_state(f"the vCenter has forgotten its task {self._task}")
            return self._after_fault(fault)
        except TaskUnfinished as unfinished:
            with suppress(Refused, VsphereFault, Unreachable):
                await self._blocking(partial(self._hands.abandon, self._order, self._task))
            return self._ending("unknown", str(unfinished))
        except (Refused, Unreachable) as error:
            return self._ending("unknown", f"nothing tells what became of it: {error}")
        if not verifiable(self._order):
            return self._ending("succeeded")
        return await self._by_its_state("its task has succeeded")

    async def _after_no_answer(self, since: float) -> Ending | None:
        await asyncio.sleep(GRACE)
        try:
            found = await self._patiently(lambda: self._hands.find(self._order, since))
        except (DeliveryError, VsphereFault, Refused, Unreachable) as error:
            return self._ending("unknown", f"nothing tells whether it was done: {error}")
        if found:
            self._task = found
            return await self._to_the_end()
        if verifiable(self._order):
            return None  # the next plan tells
        return self._ending("unknown", "no answer came, and the vCenter has no task that tells whether it was done")

    def _after_fault(self, fault: VsphereFault) -> Ending | None:
        if fault.fault in UNSETTLED and not verifiable(self._order):
            return self._ending("unknown", str(fault))
        if fault.fault not in TRANSIENT:
            return self._ending("failed", str(fault))
        self._asked, self._busy = self._stepped, True
        return None

    async def _by_its_state(self, why: str) -> Ending | None:
        """Judge by what the object says."""
        if not verifiable(self._order):
            return self._ending("unknown", f"{why}, and nothing else tells whether it was done")
        try:
            plan = await self._patiently(lambda: self._hands.plan(self._order))
        except (DeliveryError, Refused, VsphereFault, Unreachable) as error:
            return self._without_a_plan(error)
        if not plan.changes:
            return self._ending("succeeded")
        if plan.changes == self._changes:
            return self._ending("failed", f"{why}, but still to do: {', '.join(plan.changes)}")
        self._stepped, self._busy = True, False  # an action may take several steps, each of which changes what is left
        return None

    async def _waited(self) -> None:
        began = monotonic()
        while True:
            left = self._deadline - monotonic()
            seconds = max(1.0, min(SLICE, left))
            try:
                await self._patiently(partial(self._hands.wait, self._order, self._task, seconds))
            except TaskUnfinished:
                if left <= 0:
                    raise
                percent = partial(self._hands.percent, self._order, self._task)
                await self._notes.goes_on(self._order, monotonic() - began, percent)
            else:
                return

    async def _patiently(self, call: Callable[[], T]) -> T:
        """The answer to a question; asked again while the vCenter is away or busy, until it is too late."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._blocking(call)
            except (Unreachable, Retry) as error:
                if monotonic() + pause >= self._deadline or (not self._asked and self._too_late()):
                    raise
                log.info("action %s: %s; again in %.1f s", self._order.id, error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _too_late(self) -> str | None:
        late = self._clock() - self._order.valid_until
        return f"it should have begun {late:.0f} s ago" if late > 0 else None

    def _ending(self, state: State, reason: str = "") -> Ending:
        left = f"left alone: {', '.join(self._left)}" if self._left and state == "succeeded" else ""
        return Ending(state, "; ".join(filter(None, (reason, left))), self._changes, self._task)
