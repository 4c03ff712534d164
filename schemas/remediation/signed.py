"""Records that roles sign for each other, where a key is configured: an ACL of Kafka is not the only wall then."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import orjson

from schemas.remediation import signature
from schemas.remediation.model import Text
from schemas.remediation.received import Received

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key


class Signed(Received):
    """A record with a signature over all its other members, also those that only the release that has signed it knows.

    One that is a part of another record is believed with that record only: what it was read from is not kept.

    Attributes:
        purpose: what it is signed for.
        key: the id of the key; empty where there is none.
        code: base64url of HMAC-SHA-256.
    """

    purpose: ClassVar[str]

    key: Text = ""
    code: Text = ""

    def signed(self, ring: Sequence[Key]) -> Self:
        """This one signed with the first key; as it is, where there is none."""
        if not ring:
            return self
        named = self.model_copy(update={"key": ring[0].id})
        return named.model_copy(update={"code": signature.code(named._said(), ring[0], self.purpose)})  # noqa: SLF001

    def believe(self, ring: Sequence[Key]) -> None:
        """Return if one of these keys has signed it, or there is none.

        Raises:
            Unsigned: it was not.
        """
        if ring:
            signature.verify(self._said(), self.code, key=self.key, ring=ring, purpose=self.purpose)

    def _said(self) -> tuple[str, ...]:
        given = {name: value for name, value in self.members.items() if name != "code"}
        return (orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode(),)
