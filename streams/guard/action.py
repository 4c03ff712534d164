"""What the guardrails must know of an action."""

from __future__ import annotations

from typing import Final, NamedTuple

from clients.vsphere.kinds import MACHINE
from sinks.vsphere.actions import ACTIONS

DISCONNECT: Final = "disconnect-vnic"
ENTER: Final = "enter-maintenance"
EXIT: Final = "exit-maintenance"


class Traits(NamedTuple):
    """Of one action.

    Attributes:
        kind: managed object class of what it is done to.
        approval: whether a person has to agree, unless the configuration says otherwise.
        undo_approval: the same, of its undo that a command has asked for.
        urgent: whether it is decided before others.
    """

    kind: str = MACHINE
    approval: bool = False
    undo_approval: bool = False
    urgent: bool = False


def traits(action: str) -> Traits:
    """Of the action of that name: what the table of actions says; the defaults of one that is not in it."""
    entry = ACTIONS.get(action)
    return Traits() if entry is None else Traits(entry.kind, entry.approval, entry.undo_approval, entry.urgent)
