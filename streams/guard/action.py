"""What the guardrails must know of an action."""

from __future__ import annotations

from typing import Final, NamedTuple

from sinks.vsphere.actions import ACTIONS

DISCONNECT: Final = "disconnect-vnic"
ENTER: Final = "enter-maintenance"
EXIT: Final = "exit-maintenance"

MACHINE: Final = "VirtualMachine"
HOST: Final = "HostSystem"


class Traits(NamedTuple):
    """Of one action.

    Attributes:
        kind: managed object class of what it is done to.
        approval: whether a person has to agree, unless the configuration says otherwise.
        urgent: whether it is decided before others.
    """

    kind: str = MACHINE
    approval: bool = False
    urgent: bool = False


_UNSAID: Final = {
    DISCONNECT: Traits(urgent=True),
    ENTER: Traits(HOST, approval=True),
    EXIT: Traits(HOST),
    "hard-reset": Traits(approval=True),
    "power-off": Traits(approval=True),
}
"""For entries of the table of actions that do not say; every other one has the defaults of ``Traits``."""


def traits(action: str) -> Traits:
    """Of the action of that name: what the table of actions says."""
    entry, unsaid = ACTIONS.get(action), _UNSAID.get(action, Traits())
    return Traits(*(getattr(entry, field, getattr(unsaid, field)) for field in Traits._fields))
