"""Events without a key, told from each other by their bytes: nothing else is known of them."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

REMEMBERED: Final = 1000
"""Events, of 16 bytes each; a vCenter that garbles more of them within the look-back has some kept twice."""


class Keyless:
    """Which events without a key one tail has met, through all its feeds; the least recently met is forgotten first.

    Two of them with the same bytes count as one.
    """

    def __init__(self) -> None:
        self._met: dict[bytes, None] = {}

    def take(self, markup: bytes) -> bool:
        """Whether the event is new; it is known from now on."""
        digest = blake2b(markup, digest_size=16).digest()
        is_new = digest not in self._met
        self._met.pop(digest, None)
        self._met[digest] = None
        if len(self._met) > REMEMBERED:
            del self._met[next(iter(self._met))]
        return is_new
