"""An action that has begun: what whoever takes it back has to know, from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from pydantic import ValidationError

from schemas.remediation.entity import Entity
from sinks.vsphere.actions import ACTIONS

if TYPE_CHECKING:
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
    def of(cls, entry: Entry) -> Self | None:
        """What a record of the audit says of one that begins; None for any other, and where it cannot be taken back."""
        if entry.kind != "remediation.started" or entry.event is None or len(entry.event.data or b"") > LARGEST:
            return None
        before, parameters, command = (entry.data.get(name) for name in ("before", "parameters", "command"))
        if not isinstance(before, dict) or not before or not isinstance(parameters, dict):
            return None
        if entry.action not in ACTIONS:
            return None
        try:
            entity = Entity.model_validate(entry.data.get("entity"))
        except ValidationError:
            return None
        person = command.get("person", "") if isinstance(command, dict) else ""
        return cls(entry.action_id, entry.text("sink"), entry.action, parameters, before, entity, str(person))
