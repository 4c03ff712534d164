"""A person's answer to a parked request, signed by whoever has verified the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import orjson

from schemas.commands.errand import Errand
from schemas.remediation import signature
from schemas.remediation.model import Id, Text, Time, Word
from schemas.remediation.received import Received

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key

PURPOSE: Final = "reflexarc answer v1"


class Answer(Received):
    """Yes or no.

    Attributes:
        id: of the request.
        scope: of the request.
        approve: yes.
        person: who answers, such as ``cli/anna``.
        reason: in their words.
        at: when, seconds since 1970.
        errand: the command that it came by; None for who came another way.
        key: the id of the key it is signed with.
        signature: base64url of HMAC-SHA-256 over all the other members; of the errand over the JSON that it came as.
    """

    kind: Literal["answer"] = "answer"
    id: Id
    scope: Word
    approve: bool
    person: Word
    reason: Text = ""
    at: Time
    errand: Errand | None = None
    key: Text = ""
    signature: Text = ""

    def signed(self, ring: Sequence[Key]) -> Answer:
        """This answer signed with the first key."""
        named = self.model_copy(update={"key": ring[0].id})
        return named.model_copy(update={"signature": signature.code(named.said, ring[0], PURPOSE)})

    def verify(self, ring: Sequence[Key]) -> None:
        """Return if it was signed with one of these keys.

        Raises:
            Unsigned: it was not.
        """
        signature.verify(self.said, self.signature, key=self.key, ring=ring, purpose=PURPOSE)

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that is signed."""
        command = () if self.errand is None else (orjson.dumps(self.members["errand"]).decode(),)
        return self.id, self.scope, str(self.approve), self.person, self.reason, repr(self.at), self.key, *command
