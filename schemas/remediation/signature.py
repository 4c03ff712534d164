"""A person's word in a record: HMAC-SHA-256 by whoever has verified the person."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from schemas import keys, token
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key


class Unsigned(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A word that cannot be believed: not signed with one of our keys, or changed."""


def code(parts: Sequence[str], key: Key, purpose: str) -> str:
    """Base64url of the code over ``parts``, each behind its length."""
    joined = token.joined(*(part.encode() for part in parts))
    return token.encode(hmac.digest(key.material(purpose), joined, "sha256"))


def verify(parts: Sequence[str], given: str, *, key: str, ring: Sequence[Key], purpose: str) -> None:
    """Return if ``given`` is the code over ``parts`` with the key of that id.

    Raises:
        Unsigned: it is not, or none of ``ring`` has that id.
    """
    known = keys.named(ring, key)
    if known is None or not hmac.compare_digest(given.encode(), code(parts, known, purpose).encode()):
        raise Unsigned("was not signed here, or was changed")
