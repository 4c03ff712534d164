"""From what somebody wants done to the request that is decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.commands.errand import SAID
from schemas.remediation.cause import Cause
from schemas.remediation.request import NOWHERE, Request
from sinks.vsphere.actions import ACTIONS
from streams.commanding.away import put_away

if TYPE_CHECKING:
    from schemas.commands.errand import Errand
    from schemas.remediation.later import Later
    from sinks.remediation.resolver import Resolved
    from streams.commanding.call import Call
    from streams.commanding.targets import Reach, Targets
    from streams.commands.deed import Deed


async def asked(wanted: Deed, errand: Errand, call: Call, within: Reach, targets: Targets, *, now: float) -> Request:
    """The request for a deed, about the machine as it is now; not signed.

    Args:
        wanted: what shall be done.
        errand: the command.
        call: as it came.
        within: vCenters where whoever gives it may, and with whose machines there.
        targets: where the machine is looked for.
        now: seconds since 1970.
    """
    if wanted.folder:
        found = await targets.place(wanted.vm.vcenter or "", wanted.folder, wanted.vm.name)
    else:
        found = await targets.find(wanted.vm, within)
    if ACTIONS[wanted.action].removes and found.entity is not None:
        away = await put_away(found.entity, wanted.parameters, wanted.keep, targets)
        if away.reason:
            found = found._replace(entity=None, reason=away.reason)
        wanted = wanted._replace(parameters=away.parameters)
        return made(wanted, errand, call, found, away.later, now=now)
    return made(wanted, errand, call, found, now=now)


def made(
    wanted: Deed, errand: Errand, call: Call, found: Resolved, later: Later | None = None, *, now: float
) -> Request:
    """The same, of what was found: what is told names that, however it was typed."""
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
        errand=errand if entity is None else errand.model_copy(update={"vm": entity.name[:SAID]}),
        later=None if entity is None else later,
        clock_offset=found.offset,
        asked=now,
    )
