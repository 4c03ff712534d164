"""Deterministic ids: whoever sends the same thing again sends the same id."""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from urllib.parse import quote

_LONGEST: Final = 256
_LITERAL: Final = ":@+,;=()*"


def identity(*parts: str) -> str:
    """Return one id for these parts, a different one for any others.

    The parts are percent-encoded and joined by slashes; what would be longer than 256 characters is its SHA-256.
    """
    joined = "/".join(quote(part, safe=_LITERAL, errors="replace") for part in parts)
    return joined if len(joined) <= _LONGEST else digest(joined.encode())


def digest(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return sha256(data).hexdigest()
