"""Calls into vSphere on behalf of an order. Everything blocks; safe for several threads."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import orjson

from clients.vsphere import history, task
from clients.vsphere.faults import NOT_FOUND, VcenterAway, VsphereFault
from clients.vsphere.target import REFERENCES, Target
from schemas.cloudevents import CloudEvent
from schemas.epoch import written
from schemas.errors import Reject, Retry
from sinks.remediation.resolver import described
from sinks.vsphere import actions, waiting
from sinks.vsphere.actions.base import Undoable, Untracked
from streams.remediation.executing import cause

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.vsphere.session import Session
    from schemas.remediation.entity import Entity
    from schemas.remediation.order import Order
    from sinks.remediation.tags import Tags
    from sinks.vsphere.actions import Action, Plan
    from sinks.vsphere.sessions import Sessions

T = TypeVar("T")


class Hands:
    """Plans, asks and waits, with sessions that are renewed when they have ended.

    Args:
        sessions: where, with the account that acts.
        tags: of the objects there.
    """

    def __init__(self, sessions: Sessions, tags: Tags) -> None:
        self._sessions = sessions
        self._tags = tags

    @property
    def vcenters(self) -> tuple[str, ...]:
        """Where something can be done."""
        return self._sessions.names

    def entity(self, order: Order) -> Entity:
        """The object as it is now, with what limits ask; one that an undo shall bring back, as it was.

        Raises:
            VsphereFault, Refused, Unreachable: it cannot be read.
        """
        try:
            return self._reading(order, lambda target: described(target, self._tags, new=_new(order)))
        except VsphereFault as fault:
            request = order.request
            if fault.fault != NOT_FOUND or request.undo is None or not actions.ACTIONS[request.action].removes:
                raise
            assert request.entity is not None  # noqa: S101 - as below
            return request.entity

    def plan(self, order: Order) -> Plan:
        """What is still to be done; reads only.

        Raises:
            Reject: it cannot be done as things are.
            Retry: not now.
            VsphereFault, Refused, Unreachable: the vCenter says so, or nothing.
        """
        undo = order.request.undo
        if undo is None:
            return self._reading(order, lambda target: _action(order).plan(target, _event(order)))
        action = _action(order)
        if not isinstance(action, Undoable):
            raise Reject(f"{order.request.action} cannot be taken back")
        return self._reading(order, lambda target: action.undo(target, undo.before, _event(order)))

    def ceased(self, order: Order) -> str | None:
        """Why the event is no reason to act any more; None while it is one.

        Raises:
            VsphereFault, Refused, Unreachable: the vCenter cannot be asked.
        """
        if order.request.undo is not None:
            return None
        return self._reading(order, lambda target: cause.ceased(target.session, order.request.cause))

    def clock(self, order: Order) -> float:
        """The vCenter's own time, seconds since 1970.

        Raises:
            Unreachable: it does not answer.
        """
        return self._reading(order, lambda target: target.session.current_time().timestamp())

    def start(self, order: Order, plan: Plan) -> str:
        """Ask for the change, once and never again; the id of its task, empty when it has none.

        Raises:
            VsphereFault, Refused: the vCenter says no.
            VcenterAway: whether it was asked is not known.
        """
        started = _action(order).start(plan)
        return "" if started is None else str(started._moId)  # noqa: SLF001 - pyvmomi's place for it

    def wait(self, order: Order, name: str, seconds: float) -> None:
        """Wait for the end of what was started.

        Args:
            order: what it was started for.
            name: id of the task; empty when it has none.
            seconds: at most.

        Raises:
            VsphereFault: it failed, or the vCenter has forgotten it.
            TaskUnfinished: it goes on.
            Refused, Unreachable: nobody knows.
        """

        def wait(target: Target) -> None:
            started = task.reference(target.session, name) if name else None
            waiting.wait(_action(order), target, started, deadline=monotonic() + seconds)

        self._reading(order, wait)

    def percent(self, order: Order, name: str) -> int | None:
        """How much of the task of that id is done, 0 to 100; None where nobody says.

        Raises:
            VsphereFault, Refused, Unreachable: it cannot be told.
        """
        if not name:
            return None
        return self._reading(order, lambda target: task.percent(target.session, task.reference(target.session, name)))

    def abandon(self, order: Order, name: str) -> None:
        """Say that nobody waits any longer for what was started.

        Raises:
            VsphereFault, Refused, Unreachable: the vCenter cannot be told.
        """

        def abandon(target: Target) -> None:
            waiting.abandon(_action(order), target, task.reference(target.session, name) if name else None)

        self._reading(order, abandon)

    def find(self, order: Order, since: float) -> str | None:
        """The id of the first task on the entity that our account has begun since then; None when there is none.

        Raises:
            Retry: it cannot be told yet, for some task that goes on may be the one.
            VsphereFault, Refused, Unreachable: it cannot be told.
        """

        def find(target: Target) -> str | None:
            action = _action(order)
            if not isinstance(action, Untracked):
                return history.begun(target.session, target.reference, since=since)
            if action.goes_on(target, since=since):
                raise Retry(f"{target}: what was asked for may still go on")
            return None

        return self._reading(order, find)

    def _reading(self, order: Order, call: Callable[[Target], T]) -> T:
        """Sessions end when idle: one failure means to log in again, two that the vCenter is away."""
        entity = order.request.entity
        assert entity is not None  # noqa: S101 - what has no target is never ordered
        session = self._sessions.get(entity.vcenter)
        try:
            return call(_target(session, order))
        except VcenterAway:
            self._sessions.discard(session)
            return call(_target(self._sessions.get(entity.vcenter), order))


def verifiable(order: Order) -> bool:
    """Whether a plan tells for certain that the change was made."""
    return _action(order).verifiable


def _target(session: Session, order: Order) -> Target:
    entity = order.request.entity
    assert entity is not None  # noqa: S101 - as above
    return Target(session, REFERENCES[entity.kind](entity.moref, session.stub), entity.name)


def _new(order: Order) -> str | None:
    entity = order.request.entity
    return None if entity is None else entity.new


def _action(order: Order) -> Action:
    request = order.request
    return actions.build(request.action, actions.parameters(request.action).model_validate(request.parameters))


def _event(order: Order) -> CloudEvent:
    """The event, as far as it came with the order."""
    given = order.request.cause
    return CloudEvent(
        id=given.id,
        source=given.source,
        type=given.type,
        subject=given.subject or None,
        time=None if given.time is None else written(datetime.fromtimestamp(given.time, UTC)),
        datacontenttype="application/json",
        data=orjson.dumps(given.data),
        extensions={"vcenter": given.vcenter} if given.vcenter else {},
    )
