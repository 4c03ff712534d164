"""An action as it begins: what whoever takes it back has to know, on the word of whoever has done it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.remediation import signature
from schemas.remediation.document import Members
from schemas.remediation.entity import Entity
from schemas.remediation.model import Id, Part, Text, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.keys import Key
    from schemas.remediation.request import Request

PURPOSE: Final = "reflexarc begun v1"


class Beginning(Part):
    """One action, which may be taken back.

    The audit says it in a record of its own form, which anybody writes who may write the audit: ``key`` and ``code``
    stand in it beside, under ``signature``.

    Attributes:
        id: of the action.
        sink: what had asked for it: of a command ``command/<verb>``.
        action: what was done.
        parameters: what it was told.
        before: the state that it had found.
        entity: whom it was done to.
        person: who had asked for it in person; empty where an event did.
        key: the id of the key it is signed with; empty where it is not signed.
        code: base64url of HMAC-SHA-256.
    """

    id: Id
    sink: Word
    action: Word
    parameters: Members
    before: Members
    entity: Entity
    person: Text = ""
    key: Text = ""
    code: Text = ""

    @staticmethod
    def of(request: Request, before: Mapping[str, Any]) -> Beginning | None:
        """What was asked for, begun with ``before``; None where nothing of it can be taken back: it does so itself."""
        if request.undo is not None or request.entity is None or not before:
            return None
        return Beginning.model_construct(
            id=request.id,
            sink=request.sink,
            action=request.action,
            parameters=request.parameters,
            before=dict(before),
            entity=request.entity,
            person=request.errand.person if request.errand else "",
        )

    def signed(self, ring: Sequence[Key]) -> dict[str, str]:
        """What the audit says beside: ``key`` and ``code``, by the first key."""
        named = self.model_copy(update={"key": ring[0].id})
        return {"key": named.key, "code": signature.code(named.said, ring[0], PURPOSE)}

    def verify(self, ring: Sequence[Key]) -> None:
        """Return if it was signed with one of these keys.

        Raises:
            Unsigned: it was not.
        """
        signature.verify(self.said, self.code, key=self.key, ring=ring, purpose=PURPOSE)

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that is signed; of the entity what names it."""
        parameters, before = (
            orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode() for given in (self.parameters, self.before)
        )
        of = (self.entity.key, self.entity.kind)
        return self.id, self.sink, self.action, parameters, before, *of, self.person, self.key
