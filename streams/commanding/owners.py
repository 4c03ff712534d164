"""Tags that say to people whose a new machine is: asked for as everything else that is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.commands.errand import SAID, Errand
from schemas.remediation.cause import Cause
from schemas.remediation.request import Request, request_id
from sinks.vsphere.parameters.tag import TagParameters
from streams.guard import commanded

if TYPE_CHECKING:
    from clients.vsphere.queries.leased import Leased
    from sinks.remediation.resolver import Resolved
    from streams.commanding.watch import Watch

TYPE: Final = "com.reflexarc.owner.due"
"""Of the event that such a request is for; no record of its own tells of it."""

PERSON: Final = "reflexarc/owner"
"""Who asks."""


def event(machine: Leased) -> str:
    """The id of the event that a machine was made for somebody; the same however often it is looked at."""
    return f"{machine.vcenter}/{machine.uuid}/{machine.owner}/owner"


def action_id(source: str, machine: Leased) -> str:
    """The id of the action that tags it."""
    return request_id(commanded.name(commanded.OWNER_TAG), source, event(machine))


def wants(machine: Leased, watch: Watch, source: str) -> bool:
    """Whether a machine was made by us, of late, and nobody has asked for its tag.

    What was made before the watch begins is left alone: whoever has changed its tags since has had a reason.
    """
    made = watch.get(machine.mark) if machine.owner and machine.mark else None
    return made is not None and made.step == "succeeded" and watch.get(action_id(source, machine)) is None


def request(source: str, category: str, machine: Leased, seen: Resolved, *, now: float) -> Request:
    """What asks for the tag: that of the owner's name in ``category``; not signed.

    Args:
        source: of whoever asks.
        category: of the tags; it and the tag must be there.
        machine: which.
        seen: the same, as it was found just now.
        now: seconds since 1970.
    """
    id_, verb = action_id(source, machine), commanded.OWNER_TAG
    said = f"{verb} {machine.vcenter}:{machine.name}"[:SAID]
    errand = Errand(
        id=id_, source=source, event=event(machine), verb=verb, said=said, vm=machine.name[:SAID], person=PERSON
    )
    return Request(
        id=id_,
        sink=commanded.name(verb),
        action="tag",
        parameters=TagParameters(category=category, tag=machine.owner).model_dump(mode="json"),
        scope=machine.vcenter,
        entity=seen.entity,
        cause=Cause(source=source, id=event(machine), type=TYPE, subject=verb, time=now),
        requester=PERSON,
        errand=errand,
        clock_offset=seen.offset,
        asked=now,
    )
