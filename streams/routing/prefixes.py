"""Routes by the beginning of a text: a trie that is flattened to one look-up per length."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Prefixes:
    """Finds every route whose prefix begins a text, at the cost of one look-up for each length of a prefix."""

    def __init__(self) -> None:
        self._by_length: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))

    def add(self, prefix: str, place: int) -> None:
        """Remember a route by its place."""
        self._by_length[len(prefix)][prefix].append(place)

    def of(self, text: str) -> Iterator[int]:
        """Routes whose prefix begins ``text``."""
        for length, places in self._by_length.items():
            if length <= len(text):
                yield from places.get(text[:length], ())
