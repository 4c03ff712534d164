"""The words that commands begin with, in the groups that grants name them by; what they do is no matter of the file."""

from __future__ import annotations

from typing import Final

GROUPS: Final = {
    "read": ("help", "echo", "status", "invoke"),
    "power": ("poweron", "poweroff", "reboot", "reset", "hardreset"),
    "create": ("spawn", "clone", "clonetemplate"),
    "change": ("transform", "lease", "undo"),
    "destroy": ("nuke",),
    "approve": ("approve", "refuse"),
}
"""Verbs, by group."""

VERBS: Final = {verb: group for group, verbs in GROUPS.items() for verb in verbs}
"""Group of each verb."""
