"""Whether an object may be touched. Whatever is not allowed is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.vsphere.facts import facts
from schemas.errors import Reject
from sinks.vsphere.parameters.names import fits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.vsphere.target import Target
    from sinks.vsphere.config import VsphereConfig


def check(target: Target, config: VsphereConfig) -> None:
    """Return if the sink may act on this object.

    Raises:
        Reject: its name is not allowed or is protected, it is a template, or it belongs to a vSphere service.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    check_name(target.name, allow=config.allow, protect=config.protect)
    found = facts(target)
    if found.template:
        raise Reject(f"{target} is a template")
    if found.service is not None:
        raise Reject(f"{target} belongs to {found.service}, which manages it")


def check_name(name: str, *, allow: Iterable[str], protect: Iterable[str]) -> None:
    """Return if ``name`` fits a pattern of ``allow`` and none of ``protect``; case does not matter.

    Raises:
        Reject: with the reason.
    """
    if fits(name, protect):
        raise Reject(f"{name} is protected")
    if not fits(name, allow):
        raise Reject(f"{name} is not in the sink's allow list")
