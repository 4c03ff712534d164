"""What a quarantine has to know of the machine besides, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from clients.vsphere.faults import VsphereFault
from schemas.errors import Refused, Unreachable
from schemas.remediation.later import Later
from sinks.vsphere.actions.quarantine import away
from sinks.vsphere.parameters.quarantine import QuarantineParameters
from streams.guard import commanded

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity
    from streams.commanding.targets import Targets


class Away(NamedTuple):
    """A quarantine.

    Attributes:
        parameters: what the action is told.
        later: what follows it; None where its files are kept for good.
        reason: why it cannot be done; empty when it can.
    """

    parameters: dict[str, Any]
    later: Later | None = None
    reason: str = ""


async def put_away(entity: Entity, parameters: dict[str, Any], keep: float, targets: Targets) -> Away:
    """The quarantine of a machine as it is now; its file and its datastore are looked for, which raises nothing.

    Once a machine is gone from the inventory, nothing but the path of its file leads to it.

    Args:
        entity: the machine.
        parameters: of the quarantine, without ``path``.
        keep: seconds after which its files may be deleted; 0: never.
        targets: where they are looked for.
    """
    try:
        path = await targets.file(entity)
    except (VsphereFault, Refused, Unreachable) as error:
        return Away(parameters, reason=f"its file cannot be told: {error}")
    if not path:
        return Away(parameters, reason=f"{entity} has no file that is known")
    parameters = {**parameters, "path": path}
    if not keep:
        return Away(parameters)
    try:
        given = QuarantineParameters.model_validate(parameters)
    except ValueError:
        return Away(parameters, reason=f"{entity} lies at {path}, from where nothing is put away")
    place = away(given)
    store = await targets.store(entity.vcenter, place.store)
    if store.entity is None:
        return Away(parameters, reason=f"its datastore cannot be told: {store.reason}")
    told = {"path": place.home, "mark": given.mark, "folder": given.folder}
    purge = Later(verb=commanded.PURGE, action="purge", parameters=told, entity=store.entity, after=keep)
    return Away(parameters, purge)
