"""Every action there is: the one table from ``action`` in the configuration to a class, and the contract of one."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

if TYPE_CHECKING:
    from clients.vsphere.target import Target

ACTIONS: Final = {
    "disconnect-vnic": "sinks.vsphere.disconnect_vnic:DisconnectVnic",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be done to one machine, from its state a moment ago.

    Attributes:
        target: the machine.
        changes: each change in words; none means that the machine is already as it should be.
        spec: what to send, in the action's own form.
    """

    target: Target
    changes: tuple[str, ...]
    spec: Any = None


class Action(Protocol):
    """A change of one virtual machine that may be asked for again without harm.

    Both methods block, and raise the errors of ``clients.vsphere.faults``.

    Attributes:
        privileges: what vSphere asks for on the machine, beside reading it.
    """

    privileges: ClassVar[tuple[str, ...]]

    def plan(self, target: Target) -> Plan:
        """Read the machine's state; changes nothing."""

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """Make all changes of a plan with a single call, and wait for its end.

        Args:
            plan: with changes.
            deadline: instant of ``time.monotonic`` to give up at.

        Raises:
            TaskUnfinished: the deadline passed; the outcome is unknown.
        """


def build(name: str) -> Action:
    """The action called ``name``, one of ``ACTIONS``."""
    return _load(name)()


def privileges(name: str) -> tuple[str, ...]:
    """What the action called ``name`` asks for on a machine, beside reading it."""
    return _load(name).privileges


def _load(name: str) -> type[Action]:
    module, _, cls = ACTIONS[name].partition(":")
    action: type[Action] = getattr(import_module(module), cls)
    return action
