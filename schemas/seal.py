"""A text that whoever has the key may read, for a while, in the one event it was sealed for.

``v1.<key id>.<expiry>.<base64url of nonce and ciphertext>``: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96
bits; the words before the ciphertext and the event's ``source`` and ``id`` are associated data. Random nonces hold for
2^32 texts of one key: at a hundred a second more than a year.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas import keys, token
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key

LONGEST: Final = 4096
"""Characters of a sealed text."""

_PURPOSE: Final = "reflexarc seal v1"
_NONCE: Final = 12  # bytes
_SEALED: Final = re.compile(r"(?P<head>v1\.(?P<key>[0-9a-f]{16})\.(?P<expiry>[0-9]{1,12}))\.(?P<box>[A-Za-z0-9_-]+)")


class Unopened(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A seal that is not opened: not ours, not for this event, changed, or too old. Its message holds none of it."""


def seal(text: str, ring: Sequence[Key], *, source: str, id: str, expiry: int) -> str:  # noqa: A002 - the attribute
    """Return ``text`` sealed with the first key.

    Args:
        text: what nobody else may read.
        ring: at least one key.
        source: of the event that will carry it.
        id: of that event.
        expiry: seconds since 1970 from which on it is not opened any more.
    """
    head = f"v1.{ring[0].id}.{expiry}"
    nonce = os.urandom(_NONCE)
    box = AESGCM(ring[0].material(_PURPOSE)).encrypt(nonce, text.encode(), _associated(head, source, id))
    return f"{head}.{token.encode(nonce + box)}"


def open(sealed: str, ring: Sequence[Key], *, source: str, id: str, now: float) -> str:  # noqa: A001, A002
    """Return what was sealed for the event with this ``source`` and ``id``: for who answers a command (later).

    Args:
        sealed: whatever a record holds.
        ring: every key that counts.
        source: of the event that it came with.
        id: of that event.
        now: seconds since 1970.

    Raises:
        Unopened: it is none, or one for another event, key or time.
    """
    found = _SEALED.fullmatch(sealed) if len(sealed) <= LONGEST else None
    box = token.decode(found["box"]) if found else None
    if found is None or box is None:
        raise Unopened("is not a sealed text")
    key = keys.named(ring, found["key"])
    if key is None:
        raise Unopened(
            f"is sealed with the key {found['key']}", cure="keep old keys until what they sealed has expired"
        )
    associated = _associated(found["head"], source, id)
    try:
        text = AESGCM(key.material(_PURPOSE)).decrypt(box[:_NONCE], box[_NONCE:], associated)
    except (InvalidTag, ValueError):
        raise Unopened("was changed, or was sealed for another event") from None
    if now >= int(found["expiry"]):
        raise Unopened("has expired")
    return text.decode()


def _associated(head: str, source: str, id: str) -> bytes:  # noqa: A002 - the attribute
    return token.joined(head.encode(), source.encode(), id.encode())
