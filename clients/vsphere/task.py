"""Waiting for a vSphere task, and what became of it.

pyvmomi's ``WaitForTask`` reads the whole ``TaskInfo`` and has no deadline that holds; this wait reads three leaves.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim, vmodl

from clients.vsphere.faults import VsphereFault, attempted, fault_name, translated
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from clients.vsphere.session import Session

Spec = vmodl.query.PropertyCollector

STATE: Final = "info.state"
ERROR: Final = "info.error"
RESULT: Final = "info.result"


class TaskUnfinished(ReflexarcError):  # noqa: N818 - reads as the state it names
    """The deadline passed first; the task may still succeed or fail: read the state before doing anything more."""


def wait(session: Session, task: Any, *, deadline: float) -> Any:
    """Wait until a task ends.

    Args:
        session: the session that started it.
        task: its reference.
        deadline: instant of ``time.monotonic`` to give up at.

    Returns:
        The task's result; None when it has none.

    Raises:
        VsphereFault: the task failed, with its fault's name and message.
        TaskUnfinished: the deadline passed.
        SessionLost, Unreachable: the outcome is unknown.
    """
    with translated(session.name):
        # Of its own: updates of a shared collector would reach whichever thread asks first.
        collector = session.content.propertyCollector.CreatePropertyCollector()
        try:
            leaves = Spec.PropertySpec(type=vim.Task, all=False, pathSet=[STATE, ERROR, RESULT])
            collector.CreateFilter(Spec.FilterSpec(objectSet=[Spec.ObjectSpec(obj=task)], propSet=[leaves]), True)
            info = _follow(session, collector, deadline)
        finally:
            with attempted(session.name):
                collector.DestroyPropertyCollector()
    if info[STATE] == vim.TaskInfo.State.success:
        return info.get(RESULT)
    fault = info.get(ERROR)
    name = fault_name(fault) if fault is not None else "unknown fault"
    message = getattr(fault, "msg", None) or "no message"
    raise VsphereFault(f"vCenter {session.name}: the task failed: {name}: {message}", fault=name)


def _follow(session: Session, collector: Any, deadline: float) -> dict[str, Any]:
    info: dict[str, Any] = {}
    version = ""
    while info.get(STATE) not in {vim.TaskInfo.State.success, vim.TaskInfo.State.error}:
        left = deadline - monotonic()
        if left <= 0:
            raise TaskUnfinished(
                f"vCenter {session.name}: the task has not ended in time; last state {info.get(STATE)}"
            )
        # The server must answer, with nothing if need be, before the connection's own time-out.
        pause = max(1, int(min(left, session.config.timeout / 2)))
        update = collector.WaitForUpdatesEx(version, Spec.WaitOptions(maxWaitSeconds=pause))
        if update is None:
            continue
        version = update.version
        for changed in update.filterSet[0].objectSet:
            info.update({change.name: change.val for change in changed.changeSet})
    return info
