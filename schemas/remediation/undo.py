"""That an action shall be taken back, on a person's word, with the state that it had found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from pydantic import Field

from schemas.remediation import signature
from schemas.remediation.document import Members
from schemas.remediation.model import Id, Part, Text, Time, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key

TYPE: Final = "com.reflexarc.remediation.undo"
"""Of the event that a remediation sink gets; its data hold the undo under ``undo``."""

PURPOSE: Final = "reflexarc undo v1"


class Undo(Part):
    """One action, to be taken back.

    Attributes:
        id: of the action.
        entity: key of whom it was done to.
        before: the state that it had found, as it was written down.
        person: who asks, such as ``cli/anna``.
        reason: in their words.
        at: when, seconds since 1970.
        key: the id of the key it is signed with.
        code: over all the other members.
    """

    id: Id
    entity: Word
    before: Members = Field(max_length=256)
    person: Word
    reason: Text = ""
    at: Time
    key: Text = ""
    code: Text = ""

    def signed(self, ring: Sequence[Key]) -> Undo:
        """This one signed with the first key."""
        named = self.model_copy(update={"key": ring[0].id})
        return named.model_copy(update={"code": signature.code(named.said, ring[0], PURPOSE)})

    def verify(self, ring: Sequence[Key]) -> None:
        """Return if it was signed with one of these keys.

        Raises:
            Unsigned: it was not.
        """
        signature.verify(self.said, self.code, key=self.key, ring=ring, purpose=PURPOSE)

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that is signed."""
        before = orjson.dumps(self.before, option=orjson.OPT_SORT_KEYS).decode()
        return self.id, self.entity, before, self.person, self.reason, repr(self.at), self.key
