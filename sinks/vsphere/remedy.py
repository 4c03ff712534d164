"""One action on one object: find it, ask whether it may be touched, plan, apply once, verify."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.vsphere import properties
from clients.vsphere.faults import (
    CHANGED_MEANWHILE,
    DEFINED_MEANWHILE,
    IN_PROGRESS,
    NOT_FOUND,
    POWERED_MEANWHILE,
    VcenterAway,
    VsphereFault,
)
from clients.vsphere.kinds import KINDS
from clients.vsphere.target import REFERENCES, NoSingleTarget, Target, find, shown_name
from clients.vsphere.task import TaskUnfinished
from schemas.errors import Refused, Reject, Retry, Unreachable
from sinks.vsphere import actions, permission, waiting
from sinks.vsphere.aim import ByName, ByReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.actions import Action, Plan
    from sinks.vsphere.config import VsphereConfig
    from sinks.vsphere.sessions import Sessions

TRANSIENT: Final = frozenset(
    {
        IN_PROGRESS,
        CHANGED_MEANWHILE,
        DEFINED_MEANWHILE,
        POWERED_MEANWHILE,
        "HostCommunication",
        "HostNotConnected",
        "RequestCanceled",
        "Timedout",
    }
)
"""Faults of a moment: the same call may succeed later."""

UNSETTLED: Final = frozenset({"HostCommunication", "RequestCanceled", "Timedout"})
"""Those after which the change may have been made all the same."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done to which object.

    Attributes:
        changes: in words; none means that everything was as it should be.
        applied: False after a dry run.
    """

    target: str
    changes: tuple[str, ...]
    applied: bool

    def __str__(self) -> str:
        if not self.changes:
            return f"{self.target}: nothing to do"
        done = "" if self.applied else "dry run, would "
        return f"{self.target}: {done}{', '.join(self.changes)}"


class Remedy:
    """Carries out one action for one event at a time per thread; everything blocks.

    Args:
        config: the sink.
        action: what is done.
        sessions: where.
    """

    def __init__(self, config: VsphereConfig, action: Action, sessions: Sessions) -> None:
        self._config = config
        self._action = action
        self._sessions = sessions
        self._kind = actions.kind(config.action, config.parameters)
        self._removes = actions.ACTIONS[config.action].removes

    def carry_out(
        self, event: CloudEvent, aim: ByName | ByReference, *, stopped: Callable[[], bool] = lambda: False
    ) -> Outcome:
        """Bring the object into the state that the action wants; one that is in it stays untouched.

        Args:
            event: what it is done for.
            aim: the object.
            stopped: whether nobody wants it any more. Asked before the change, which is then not begun; one that has
                begun is waited for, and not verified.

        Raises:
            Reject: there is no such object, or more than one; it may not be touched; the vCenter refuses for good; or
                nobody can tell whether it was done, and it must not be done twice.
            Retry: it failed for now, or its outcome is unknown; the next attempt reads the state first.
            Unreachable, Refused: a vCenter that is needed is away or does not let us in.
        """
        deadline = monotonic() + self._config.timeout
        plan = self._with_one_login_more(lambda: self._prepare(aim, event))
        if plan.changes and not self._config.dry_run:
            if stopped():
                raise Retry(f"{plan.target}: stopped before anything was changed")
            # From here on it is this one object, whatever else gets its name.
            found = _reference(plan.target)
            self._apply(plan, lambda: self._prepare(found, event), deadline, stopped)
        return Outcome(str(plan.target), plan.changes, applied=not self._config.dry_run)

    def _prepare(self, aim: ByName | ByReference, event: CloudEvent) -> Plan:
        """Everything before the change; reads only, so it may be done twice."""
        try:
            target = self._locate(aim)
            permission.check(target, self._config)
            return self._action.plan(target, event)
        except NoSingleTarget as error:
            raise Reject(str(error)) from error
        except VsphereFault as fault:
            if fault.fault == NOT_FOUND and self._removes and isinstance(aim, ByReference):
                return self._without(self._target(aim), event)
            raise self._verdict(fault) from fault

    def _without(self, target: Target, event: CloudEvent) -> Plan:
        """What is left to do for an object that is gone: nothing, unless the action has a step after its end."""
        try:
            return self._action.plan(target, event)
        except VsphereFault as fault:
            if fault.fault == NOT_FOUND:
                return actions.Plan(target, ())
            raise self._verdict(fault) from fault

    def _locate(self, aim: ByName | ByReference) -> Target:
        if isinstance(aim, ByName):
            # All of them, or none: one that is away may hold the object that is meant.
            names = self._sessions.names if aim.vcenter is None else (aim.vcenter,)
            return find([self._sessions.get(name) for name in names], aim.name, self._kind)
        target = self._target(aim)
        values = properties.read(target.session, target.reference, ["name"])
        return target._replace(name=shown_name(values.get("name", aim.reference)))

    def _target(self, aim: ByReference) -> Target:
        session = self._sessions.get(aim.vcenter)
        return Target(session, REFERENCES[aim.type](aim.reference, session.stub), aim.reference)

    def _apply(self, plan: Plan, prepare: Callable[[], Plan], deadline: float, stopped: Callable[[], bool]) -> None:
        # Never again from here: the call may have been carried out. What the object says is what counts.
        answered = self._ask(plan, deadline)
        if not self._action.verifiable:
            if not answered:
                self._prove(plan, prepare)
            return
        if stopped():
            raise Retry(f"{plan.target}: stopped before the outcome was verified")
        if left := self._with_one_login_more(prepare).changes:
            raise Retry(f"{plan.target}: still to do: {', '.join(left)}")

    def _ask(self, plan: Plan, deadline: float) -> bool:
        """Ask for the change; whether the vCenter has said that it was made."""
        try:
            started = self._action.start(plan)
            try:
                waiting.wait(self._action, plan.target, started, deadline=deadline)
            except TaskUnfinished:
                waiting.abandon(self._action, plan.target, started)
                raise
        except VsphereFault as fault:
            if fault.fault in UNSETTLED and not self._action.verifiable:
                return False
            raise self._verdict(fault, plan.target) from fault
        except Refused as refusal:  # no privilege on this object: no other event is concerned
            raise Reject(f"{plan.target}: {refusal}") from refusal
        except (VcenterAway, TaskUnfinished) as error:
            log.warning("%s: outcome unknown (%s), reading the state", plan.target, error)
            return False
        return True

    def _prove(self, plan: Plan, prepare: Callable[[], Plan]) -> None:
        try:
            found = ", ".join(self._with_one_login_more(prepare).changes)
        except (Reject, Retry, Unreachable, Refused) as error:
            found = str(error)
        if found:
            raise Reject(
                f"{plan.target}: asked to {', '.join(plan.changes)}, but no answer came, and nothing tells whether it "
                f"was done ({found}); it is not repeated: look at it, then redrive this event or drop it"
            )

    def _with_one_login_more(self, reading: Callable[[], Plan]) -> Plan:
        """Sessions end when idle, and connections with them: one failure means to log in again, two to wait."""
        before = self._sessions.opened()
        try:
            return reading()
        except VcenterAway as error:
            stale = before.get(error.vcenter)
            if stale is None:
                raise
            log.info("logging in again: %s", error)
            self._sessions.discard(stale)
            return reading()

    def _verdict(self, fault: VsphereFault, target: Target | None = None) -> Retry | Reject:
        reason = f"{target}: {fault}" if target else str(fault)
        if fault.fault == NOT_FOUND:
            return Reject(f"there is no such {KINDS[self._kind].one}: {reason}", status=fault.fault)
        kind = Retry if fault.fault in TRANSIENT else Reject
        return kind(reason, status=fault.fault)


def _reference(target: Target) -> ByReference:
    return ByReference(target.session.name, target.moref, str(target.reference._wsdlName))  # noqa: SLF001 - pyvmomi's
