"""A person's answer to a parked request, signed by whoever has verified the person."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, Literal

from schemas import keys, token
from schemas.errors import ReflexarcError
from schemas.remediation.model import Id, Record, Text, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key

_PURPOSE: Final = "reflexarc answer v1"


class Unsigned(ReflexarcError):  # noqa: N818 - reads as the state it names
    """An answer that cannot be believed: not signed with one of our keys, or changed."""


class Answer(Record):
    """Yes or no.

    Attributes:
        id: of the request.
        scope: of the request.
        approve: yes.
        person: who answers, such as ``cli/anna``.
        reason: in their words.
        at: when, seconds since 1970.
        key: the id of the key it is signed with.
        signature: base64url of HMAC-SHA-256 over all the other members.
    """

    kind: Literal["answer"] = "answer"
    id: Id
    scope: Word
    approve: bool
    person: Word
    reason: Text = ""
    at: float
    key: Text = ""
    signature: Text = ""

    def signed(self, ring: Sequence[Key]) -> Answer:
        """This answer signed with the first key."""
        named = self.model_copy(update={"key": ring[0].id, "signature": ""})
        return named.model_copy(update={"signature": token.encode(_code(named, ring[0]))})

    def verify(self, ring: Sequence[Key]) -> None:
        """Return if it was signed with one of these keys.

        Raises:
            Unsigned: it was not.
        """
        key, code = keys.named(ring, self.key), token.decode(self.signature)
        unsigned = self.model_copy(update={"signature": ""})
        if key is None or code is None or not hmac.compare_digest(code, _code(unsigned, key)):
            raise Unsigned("the answer was not signed here, or was changed")


def _code(answer: Answer, key: Key) -> bytes:
    parts = (answer.id, answer.scope, str(answer.approve), answer.person, answer.reason, repr(answer.at), answer.key)
    return hmac.digest(key.material(_PURPOSE), token.joined(*(part.encode() for part in parts)), "sha256")
