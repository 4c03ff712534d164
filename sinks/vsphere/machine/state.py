"""Reading what a plan follows from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.vsphere import properties
from schemas.errors import Retry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.vsphere.target import Target


def read(target: Target, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """Values of the machine by path; ``needed`` are there, ``optional`` where they are set.

    Raises:
        Retry: the vCenter does not know one that is needed, as of a machine whose host is away.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    values = properties.read(target.session, target.reference, [*needed, *optional])
    if unknown := [path for path in needed if path not in values]:
        raise Retry(f"{target}: the vCenter does not tell {', '.join(unknown)}: is the machine accessible?")
    return values
