"""Keys that processes share by a file: one line, one key; each knows its own name, and what it may be used for."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST: Final = 32
"""Characters of a line; ``openssl rand -base64 32`` writes 44."""

_BYTES: Final = 32


class Key(NamedTuple):
    """One line of a key file.

    Attributes:
        id: what it is known by in a record; says nothing about the key.
        line: the secret. Nothing is sealed or signed with it, only with what :meth:`material` makes of it.
    """

    id: str
    line: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def material(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose (HKDF-SHA-256, RFC 5869): a key file may serve several."""
        return HKDF(SHA256(), _BYTES, salt=None, info=purpose.encode()).derive(self.line)


def keyring(lines: Sequence[bytes]) -> tuple[Key, ...]:
    """Return the keys of a file; the first one makes, all of them open.

    A key is changed by writing the new one below the old one everywhere, then above it, then alone.

    Raises:
        Refused: there is none, or one is too short to be one.
    """
    if not lines or min(map(len, lines)) < SHORTEST:
        raise Refused(
            f"a key file needs lines of at least {SHORTEST} characters", cure="write it with: openssl rand -base64 32"
        )
    return tuple(Key(sha256(b"reflexarc key id\0" + line).hexdigest()[:16], line) for line in lines)


def named(keys: Sequence[Key], name: str) -> Key | None:
    """Return the key that is known by ``name``, or None."""
    return next((key for key in keys if key.id == name), None)
