"""Waiting for a vSphere task, and what became of it.

pyvmomi's ``WaitForTask`` reads the whole ``TaskInfo`` and has no deadline that holds; this wait reads three leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.faults import VsphereFault, fault_name, translated
from clients.vsphere.following import follow
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.vsphere.session import Session

STATE: Final = "info.state"
ERROR: Final = "info.error"
RESULT: Final = "info.result"

_ENDED: Final = frozenset({vim.TaskInfo.State.success, vim.TaskInfo.State.error})


class TaskUnfinished(ReflexarcError):  # noqa: N818 - reads as the state it names
    """The deadline passed first; the task may still succeed or fail: read the state before doing anything more."""


def run(session: Session, start: Callable[[], Any], *, deadline: float) -> Any:
    """Start a task and wait until it ends; result and errors as for ``wait``.

    Args:
        session: logged in.
        start: the one call that starts it, such as ``machine.PowerOnVM_Task``.
        deadline: instant of ``time.monotonic`` to give up at.

    Raises:
        Refused: the user lacks a privilege.
    """
    with translated(session.name):
        started = start()
    return wait(session, started, deadline=deadline)


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
    info = follow(session, task, [STATE, ERROR, RESULT], until=_has_ended, deadline=deadline)
    if not _has_ended(info):
        raise TaskUnfinished(f"vCenter {session.name}: the task has not ended in time; last state {info.get(STATE)}")
    if info[STATE] == vim.TaskInfo.State.success:
        return info.get(RESULT)
    fault = info.get(ERROR)
    name = fault_name(fault) if fault is not None else "unknown fault"
    message = getattr(fault, "msg", None) or "no message"
    raise VsphereFault(f"vCenter {session.name}: the task failed: {name}: {message}", fault=name)


def _has_ended(info: dict[str, Any]) -> bool:
    return info.get(STATE) in _ENDED
