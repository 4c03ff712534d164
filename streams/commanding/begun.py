"""An action that has begun: what whoever takes it back has to know, from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from pydantic import ValidationError

from schemas.remediation.beginning import Beginning
from schemas.remediation.entity import Entity
from schemas.remediation.signature import Unsigned
from sinks.vsphere.actions import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key
    from streams.trail.entry import Entry

LARGEST: Final = 16 * 2**10
"""Bytes of a record that is kept; larger ones are for an operator, who reads the audit."""


class Begun(NamedTuple):
    """One action.

    Attributes:
        id: of the action.
        sink: what had asked for it: of a command ``command/<verb>``.
        action: what was done.
        parameters: what it was told.
        before: the state that it had found.
        entity: whom it was done to.
        person: who had asked for it in person; empty where an event did.
    """

    id: str
    sink: str
    action: str
    parameters: dict[str, Any]
    before: dict[str, Any]
    entity: Entity
    person: str

    @classmethod
    def of(cls, entry: Entry, ring: Sequence[Key]) -> Self | None:
        """What a record of the audit says of one that begins; None for any other, and where it cannot be taken back.

        Whoever may write the audit could say anything: only what the executor has signed counts.

        Args:
            entry: the record.
            ring: keys that it may be signed with; without any nothing counts.
        """
        if entry.kind != "remediation.started" or entry.event is None or len(entry.event.data or b"") > LARGEST:
            return None
        if entry.action not in ACTIONS or (given := beginning(entry)) is None or not given.before:
            return None
        try:
            given.verify(ring)
        except Unsigned:
            return None
        return cls(given.id, given.sink, given.action, given.parameters, given.before, given.entity, given.person)


def beginning(entry: Entry) -> Beginning | None:
    """What a record of the audit says of an action that begins; it may not be signed. None where it says none."""
    command, signature = (_object(entry.data.get(name)) for name in ("command", "signature"))
    try:
        return Beginning(
            id=entry.action_id,
            sink=entry.text("sink"),
            action=entry.action,
            parameters=entry.data.get("parameters", {}),
            before=entry.data.get("before", {}),
            entity=Entity.model_validate(entry.data.get("entity")),
            person=command.get("person", ""),
            key=signature.get("key", ""),
            code=signature.get("code", ""),
        )
    except ValidationError:
        return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
