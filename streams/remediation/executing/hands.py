"""Calls into vSphere on behalf of an order. Everything blocks; safe for several threads."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson
from pyVmomi import vim
from pyVmomi.VmomiSupport import GetVmodlType

from clients.vsphere import properties, task
from clients.vsphere.faults import VcenterAway, VsphereFault
from clients.vsphere.target import Target
from schemas.cloudevents import CloudEvent
from schemas.epoch import written
from sinks.vsphere import actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.vsphere.session import Session
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from sinks.vsphere.actions import Action, Plan
    from sinks.vsphere.sessions import Sessions

T = TypeVar("T")

MARGIN: Final = 2.0
"""Seconds that a vCenter's clock may be behind what it told last."""

_TASK: Final = ("info.entity", "info.queueTime", "info.reason", "info.state", "info.descriptionId")


class Hands:
    """Plans, asks and waits, with sessions that are renewed when they have ended.

    Args:
        sessions: where, with the account that acts.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def plan(self, order: Order) -> Plan:
        """What is still to be done; reads only.

        Raises:
            Reject: it cannot be done as things are.
            Retry: not now.
            VsphereFault, Refused, Unreachable: the vCenter says so, or nothing.
        """
        return self._reading(order, lambda session: _action(order.request).plan(_target(session, order), _event(order)))

    def verifiable(self, order: Order) -> bool:
        """Whether a plan tells for certain that the change was made."""
        return _action(order.request).verifiable

    def clock(self, order: Order) -> float:
        """The vCenter's own time, seconds since 1970.

        Raises:
            Unreachable: it does not answer.
        """
        return self._reading(order, lambda session: session.current_time().timestamp())

    def start(self, order: Order, plan: Plan) -> str:
        """Ask for the change, once and never again; the id of its task, empty when the answer was all there is.

        Raises:
            VsphereFault, Refused: the vCenter says no.
            VcenterAway: whether it was asked is not known.
        """
        started = _action(order.request).start(plan)
        return "" if started is None else str(started._moId)  # noqa: SLF001 - pyvmomi's place for it

    def wait(self, order: Order, name: str, seconds: float) -> None:
        """Wait for the end of a task.

        Raises:
            VsphereFault: it failed, or the vCenter has forgotten it.
            TaskUnfinished: it goes on.
            VcenterAway: nobody knows.
        """

        def waiting(session: Session) -> None:
            task.wait(session, vim.Task(name, session.stub), deadline=monotonic() + seconds)

        self._reading(order, waiting)

    def find(self, order: Order, since: float) -> str | None:
        """The newest task on the entity that our account has begun since then; None when the vCenter has none.

        Raises:
            VsphereFault, Unreachable: it cannot be asked.
        """

        def finding(session: Session) -> str | None:
            username = session.config.account.username.casefold()
            found: list[tuple[datetime, str]] = []
            for reference in session.content.taskManager.recentTask:
                values = _read_task(session, reference)
                entity, reason, queued = (values.get(path) for path in _TASK[1::-1][::-1][:1] + ("info.reason", "info.queueTime"))
                who = str(getattr(reason, "userName", "")).casefold()
                if getattr(entity, "_moId", None) != order.request.entity.moref or queued is None:  # type: ignore[union-attr]
                    continue
                if queued.timestamp() >= since - MARGIN and _same_account(who, username):
                    found.append((queued, str(reference._moId)))
            return max(found)[1] if found else None

        return self._reading(order, finding)

    def _reading(self, order: Order, call: Callable[[Session], T]) -> T:
        """Sessions end when idle: one failure means to log in again, two that the vCenter is away."""
        entity = order.request.entity
        assert entity is not None  # noqa: S101 - what has no target is never ordered
        session = self._sessions.get(entity.vcenter)
        try:
            return call(session)
        except VcenterAway:
            self._sessions.discard(session)
            return call(self._sessions.get(entity.vcenter))
