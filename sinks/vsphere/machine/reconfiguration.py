"""A change of a machine's configuration, bound to the state that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import task

if TYPE_CHECKING:
    from sinks.vsphere.actions.base import Plan

VERSION: Final = "config.changeVersion"


def spec(values: dict[str, Any], **changes: Any) -> Any:
    """The ``ConfigSpec`` with these fields.

    Args:
        values: with ``VERSION``, as it was read together with all that the change follows from: the vCenter answers
            ``ConcurrentAccess`` if the machine was changed since.
        changes: fields of a ``ConfigSpec``.
    """
    return vim.vm.ConfigSpec(changeVersion=values.get(VERSION), **changes)


def start(plan: Plan) -> Any:
    """One ``ReconfigVM_Task`` with the plan's spec; result and errors as for ``task.start``."""
    machine = plan.target.reference
    return task.start(plan.target.session, lambda: machine.ReconfigVM_Task(plan.spec))
