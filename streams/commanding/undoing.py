"""What a command has had done, taken back: no sink stands for a verb, so it is asked for in the person's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.remediation.cause import Cause
from schemas.remediation.request import NOWHERE, Request, request_id
from schemas.remediation.undo import TYPE, Undo, source
from sinks.vsphere.actions import ACTIONS
from streams.guard.commanded import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.commands.errand import Errand
    from sinks.remediation.resolver import Resolved
    from streams.commanding.begun import Begun
    from streams.commanding.known import Known

VERB: Final = "undo"

PERSON: Final = "reflexarc/lease"
"""Who asks when a lease has ended."""


ENDED: Final = frozenset({"succeeded", "failed", "unknown"})
"""Steps after which something may have been changed, and nothing is any more."""


def unknown(id_: str, yet: str = "") -> str:
    """What is said where nothing is known that could be taken back; ``yet``: why it may be in a moment."""
    return (
        f"Nothing that can be taken back is known as {id_}{yet}. An operator looks further: reflexarc remediation undo."
    )


def objection(begun: Begun, known: Known | None) -> str | None:
    """Why an action is not taken back, for whoever asks; None when nothing is in the way."""
    if not ACTIONS[begun.action].undoable:
        return f"{begun.action} cannot be taken back."
    if known is None or known.step not in ENDED:
        return f"Command {begun.id} has not ended yet: it is {known.step if known else 'under way'}."
    if not begun.sink.startswith(PREFIX):
        return f"Nobody has asked for {begun.id} in person. An operator takes it back: reflexarc remediation undo."
    return None


def whose(begun: Begun) -> str:
    """Who takes it back as his own: whoever has asked; where a lease has ended, the owner of the machine."""
    owner = begun.before.get("owner")
    return owner if begun.person == PERSON and isinstance(owner, str) else begun.person


def undone(begun: Begun, person: str, *, at: float) -> Undo:
    """The word that takes an action back, of that second; not signed."""
    return Undo(
        id=begun.id,
        sink=begun.sink,
        action=begun.action,
        entity=begun.entity.key,
        before=begun.before,
        person=person,
        at=at,
    )


def undo_id(prefix: str, given: Undo) -> str:
    """The id of the request that asks for an undo."""
    return request_id(given.sink, source(prefix), given.event)


def request(prefix: str, given: Undo, parameters: Mapping[str, Any], found: Resolved, errand: Errand) -> Request:
    """The request; not signed.

    Args:
        prefix: topic prefix.
        given: the undo, signed.
        parameters: what the action was told.
        found: what it was done to, as it is now, or was before it was taken away.
        errand: the command.
    """
    return Request(
        id=undo_id(prefix, given),
        sink=given.sink,
        action=given.action,
        parameters=dict(parameters),
        scope=found.entity.vcenter if found.entity else NOWHERE,
        entity=found.entity,
        unresolved=found.reason[:4000],
        cause=Cause(source=source(prefix), id=given.event, type=TYPE, subject=VERB, time=given.at),
        undo=given,
        requester=given.person,
        errand=errand,
        clock_offset=found.offset,
        asked=given.at,
    )
