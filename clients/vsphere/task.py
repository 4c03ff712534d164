"""vSphere tasks: starting one, waiting for it, and what became of it.

pyvmomi's ``WaitForTask`` reads the whole ``TaskInfo`` and has no deadline that holds; this wait reads three leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.faults import VsphereFault, attempted, fault_name, translated
from clients.vsphere.following import follow
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.vsphere.session import Session

STATE: Final = "info.state"
ERROR: Final = "info.error"
RESULT: Final = "info.result"
PROGRESS: Final = "info.progress"

_ENDED: Final = frozenset({vim.TaskInfo.State.success, vim.TaskInfo.State.error})


class TaskUnfinished(ReflexarcError):  # noqa: N818 - reads as the state it names
    """The deadline passed first; the task may still succeed or fail: read the state before doing anything more."""


def start(session: Session, call: Callable[[], Any]) -> Any:
    """Start a task.

    Args:
        session: logged in.
        call: the one call that starts it, such as ``machine.PowerOnVM_Task``.

    Returns:
        The task's reference.

    Raises:
        Refused: the user lacks a privilege.
        VsphereFault: the vCenter does not begin with it.
        SessionLost, Unreachable: whether it was started is unknown.
    """
    with translated(session.name):
        return call()


def reference(session: Session, task: str) -> Any:
    """The task of that id, such as ``task-42``, as ``wait`` and ``cancel`` want it; asks the vCenter nothing.

    A vCenter forgets a task about ten minutes after its end: ``wait`` raises ``ManagedObjectNotFound`` then.
    """
    return vim.Task(task, session.stub)


def cancel(session: Session, task: Any) -> None:
    """Ask a task to end, as far as that is possible; one that has ended, or cannot be cancelled, is left alone."""
    with attempted(session.name):
        task.CancelTask()


def percent(session: Session, task: Any) -> int | None:
    """How much of a task is done, 0 to 100; None where the vCenter does not say. Errors as for ``wait``."""
    found = properties.read(session, task, [PROGRESS]).get(PROGRESS)
    return None if found is None else int(found)


def wait(session: Session, task: Any, *, deadline: float) -> Any:
    """Wait until a task ends.

    Args:
        session: of the vCenter that works on it.
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
