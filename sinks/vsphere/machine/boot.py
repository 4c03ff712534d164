"""Whether a machine has begun anew since a moment.

``bootTime`` tells of power-ons; of a reset, or a reboot that the guest was asked for, only the event log does.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.faults import translated

if TYPE_CHECKING:
    from datetime import datetime

    from clients.vsphere.target import Target

# Real servers have it below "runtime" as well, simulators only here.
BOOTED: Final = "summary.runtime.bootTime"

BEGINNINGS: Final = ("DrsVmPoweredOnEvent", "VmGuestRebootEvent", "VmPoweredOnEvent", "VmResettingEvent")
"""Events after which a machine is another than before."""


def begun_anew(target: Target, moment: datetime) -> bool:
    """Whether the machine was powered on, reset or told to reboot after ``moment``, by anybody.

    Costs one call, two when the machine was not powered on since.

    Raises:
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    booted = properties.read(target.session, target.reference, [BOOTED]).get(BOOTED)
    if booted is not None and booted.astimezone(UTC) > moment:
        return True
    scope = vim.event.EventFilterSpec.ByEntity(
        entity=target.reference, recursion=vim.event.EventFilterSpec.RecursionOption.self
    )
    wanted = vim.event.EventFilterSpec(
        entity=scope,
        time=vim.event.EventFilterSpec.ByTime(beginTime=moment),
        eventTypeId=list(BEGINNINGS),
        disableFullMessage=True,
    )
    with translated(target.session.name):
        found = target.session.content.eventManager.QueryEvents(wanted)
    return any(each.createdTime.astimezone(UTC) > moment for each in found or ())
