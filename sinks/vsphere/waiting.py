"""Waiting for a change that an action has started, in the process that started it or in a later one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.vsphere import task
from sinks.vsphere.actions.base import Abandonable, Waiting

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from sinks.vsphere.actions.base import Action


def wait(action: Action, target: Target, started: Any | None, *, deadline: float) -> None:
    """Return when the change has been made, as far as the vCenter tells.

    Args:
        action: what has started it.
        target: the object.
        started: what ``start`` has returned; after a restart ``task.reference`` of the id that was stored, or None.
        deadline: instant of ``time.monotonic`` to give up at.

    Raises:
        VsphereFault: the task failed, or the vCenter does not know it any more (``ManagedObjectNotFound``).
        TaskUnfinished: the deadline passed; the outcome is unknown.
        SessionLost, Unreachable: likewise.
    """
    if isinstance(action, Waiting):
        action.wait(target, started, deadline=deadline)
    elif started is not None:
        task.wait(target.session, started, deadline=deadline)


def abandon(action: Action, target: Target, started: Any | None) -> None:
    """Say that nobody waits any longer; arguments as for ``wait``."""
    if isinstance(action, Abandonable):
        action.abandon(target, started)
