"""From what somebody wants done to the request that is decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.vsphere.faults import VsphereFault
from schemas.errors import Refused, Unreachable
from schemas.remediation.cause import Cause
from schemas.remediation.request import NOWHERE, Request
from sinks.vsphere.actions import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.commands.errand import Errand
    from sinks.remediation.resolver import Resolved
    from streams.commanding.call import Call
    from streams.commanding.targets import Targets
    from streams.commands.deed import Deed


async def asked(
    wanted: Deed, errand: Errand, call: Call, within: Collection[str], targets: Targets, *, now: float
) -> Request:
    """The request for a deed, about the machine as it is now; not signed.

    Args:
        wanted: what shall be done.
        errand: the command.
        call: as it came.
        within: vCenters where whoever gives it may.
        targets: where the machine is looked for.
        now: seconds since 1970.
    """
    if wanted.folder:
        found = await targets.place(wanted.vm.vcenter or "", wanted.folder, wanted.vm.name)
    else:
        found = await targets.find(wanted.vm, within)
    if ACTIONS[wanted.action].removes and found.entity is not None:
        wanted, found = await _filed(wanted, found, targets)
    return made(wanted, errand, call, found, now=now)


async def _filed(wanted: Deed, found: Resolved, targets: Targets) -> tuple[Deed, Resolved]:
    """With the path of the machine's file: once it is gone from the inventory, nothing else leads to it."""
    assert found.entity is not None  # noqa: S101 - by the caller
    try:
        path = await targets.file(found.entity)
    except (VsphereFault, Refused, Unreachable) as error:
        return wanted, found._replace(entity=None, reason=f"its file cannot be told: {error}")
    if not path:
        return wanted, found._replace(entity=None, reason=f"{found.entity} has no file that is known")
    return wanted._replace(parameters={**wanted.parameters, "path": path}), found


def made(wanted: Deed, errand: Errand, call: Call, found: Resolved, *, now: float) -> Request:
    """The same, of what was found."""
    entity = found.entity
    return Request(
        id=errand.id,
        sink=f"command/{errand.verb}",
        action=wanted.action,
        parameters=wanted.parameters,
        scope=entity.vcenter if entity else NOWHERE,
        entity=entity,
        unresolved=found.reason[:4000],
        cause=Cause(
            source=call.source,
            id=call.event,
            type=call.type,
            subject=errand.verb,
            time=float(call.principal.time),
        ),
        requester=errand.person,
        errand=errand,
        clock_offset=found.offset,
        asked=now,
    )
