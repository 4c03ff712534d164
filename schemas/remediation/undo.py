"""That an action shall be taken back, on a person's word, with the state that it had found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from pydantic import Field

from schemas import topics
from schemas.remediation import signature
from schemas.remediation.document import Members
from schemas.remediation.model import Id, InvalidRemediation, Part, Text, Time, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key
    from schemas.remediation.request import Request

TYPE: Final = "com.reflexarc.remediation.undo"
"""Of the event that a remediation sink gets; its data hold the undo under ``undo``."""

PURPOSE: Final = "reflexarc undo v1"


PRECISION: Final = 0.001
"""Seconds to which the time of its event is exact."""


def source(prefix: str) -> str:
    """The source of the events that ask for undos, for the topic prefix of an installation."""
    return f"/{topics.group(prefix, topics.OPERATOR)}"


class Undo(Part):
    """One action, to be taken back.

    Attributes:
        id: of the action.
        sink: that had asked for it.
        action: what was done, a name of the table of actions.
        entity: key of whom it was done to.
        before: the state that it had found, as it was written down.
        person: who asks, such as ``cli/anna``.
        reason: in their words.
        at: when, seconds since 1970.
        key: the id of the key it is signed with.
        code: over all the other members.
    """

    id: Id
    sink: Word
    action: Word
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
    def event(self) -> str:
        """The id of the one event that may carry it."""
        return f"{self.id}/undo/{round(self.at * 1000)}"

    def check(self, request: Request, source: str) -> None:
        """Return if this is what ``request`` asks for: of the same object, by the sink and action that it was done by.

        A copy in an event of another name would be decided on anew, and one of another time would never grow old: so
        the event that asks is the one that the signature speaks of.

        Args:
            request: that carries it.
            source: of the events that an operator's command writes.

        Raises:
            InvalidRemediation: it is not.
        """
        cause = request.cause
        if (cause.source, cause.id) != (source, self.event) or cause.time is None:
            raise InvalidRemediation("an undo in an event that is not its own")
        if abs(cause.time - self.at) > PRECISION:
            raise InvalidRemediation("an undo that was signed at another time than its event says")
        if request.entity is None or request.entity.key != self.entity:
            raise InvalidRemediation("what it takes back was done to something else")
        if (request.sink, request.action) != (self.sink, self.action):
            raise InvalidRemediation("what it takes back was done by another sink, or by another action of that sink")

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that is signed."""
        before = orjson.dumps(self.before, option=orjson.OPT_SORT_KEYS).decode()
        return self.id, self.sink, self.action, self.entity, before, self.person, self.reason, repr(self.at), self.key
