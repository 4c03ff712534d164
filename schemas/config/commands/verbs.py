"""The words that commands begin with, in the groups that grants name them by; what they do is no matter of the file."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

from schemas.config.fault import Fault
from schemas.config.names import suggestion

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


UNTYPED: Final = ("lease-end", "lease-quarantine")
"""Verbs that nobody types: what becomes of a machine whose lease has ended."""


def _known(name: str) -> str:
    if name not in VERBS and name not in UNTYPED:
        raise Fault(f"no verb is called {name}", suggestion(name, {*VERBS, *UNTYPED}, none=""))
    return name


def _granted(name: str) -> str:
    if name == "*":
        raise Fault("grants everything", f"name verbs, or groups of them: {', '.join(GROUPS)}")
    if name not in VERBS and name not in GROUPS:
        raise Fault(f"no verb and no group of verbs is called {name}", suggestion(name, {*VERBS, *GROUPS}, none=""))
    return name


VerbName = Annotated[str, AfterValidator(_known)]
GrantedVerb = Annotated[str, AfterValidator(_granted)]
"""A verb, or a group of them."""
