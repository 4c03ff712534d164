"""The shapes learned so far, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.vcenter.decoding.shape import take_apart
from ingest.vcenter.decoding.texts import json_strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.vcenter.decoding.shape import Markup, Shape
    from ingest.vcenter.event import VcenterEvent

MAX_MARKUP: Final = 1 << 22
"""Bytes of markup in one generation of shapes, of which there are two; shapes take about twice that of memory."""

_MAX_SIGHTS: Final = 8192
_MAX_EVENT: Final = 64 * 1024
_PER_PIECE: Final = 64
_COST: Final = 4  # learning takes as long as walking three events, or less
_MAX_CREDIT: Final = 4096


class Shapes:
    """Reads events by their shapes, and learns those that come again.

    An event seen for the first time leaves a trace of its markup only, and is learned from the second time on: what
    never comes again costs next to nothing. Learned shapes live in two generations: when the younger is full, the older
    is forgotten, except for what was met again. Should more shapes come round than there is room for, one event in four
    that must be walked is learned from. Threads may share the shapes.
    """

    def __init__(self, learn: Callable[[bytes], Shape | None], *, max_markup: int = MAX_MARKUP) -> None:
        self._learn = learn
        self._max_markup = max_markup
        self._young: dict[Markup, Shape | None] = {}
        self._old: dict[Markup, Shape | None] = {}
        self._weight = 0
        self._seen: set[int] = set()
        self._credit = _MAX_CREDIT

    def event(self, span: bytes) -> VcenterEvent | None:
        """The event of a span; None if it must be walked."""
        if len(span) > _MAX_EVENT:
            return None
        markup, texts = take_apart(span)
        try:
            shape = self._young[markup]
        except KeyError:
            shape = self._find(markup, texts, span)
        return shape.event(texts) if shape else None

    def _find(self, markup: Markup, texts: list[bytes], span: bytes) -> Shape | None:
        old = self._old
        if markup in old:
            shape = old[markup]
        elif self._may_learn(hash(markup)) and json_strings(texts):  # odd texts make no good example
            shape = self._learn(span)
        else:
            return None
        self._keep(markup, shape)
        return shape

    def _may_learn(self, sight: int) -> bool:
        self._credit = min(self._credit + 1, _MAX_CREDIT)
        if sight not in self._seen:
            if len(self._seen) >= _MAX_SIGHTS:
                self._seen = set()
            self._seen.add(sight)
            return False
        if self._credit < _COST:
            return False
        self._credit -= _COST
        return True

    def _keep(self, markup: Markup, shape: Shape | None) -> None:
        weight = sum(map(len, markup)) + _PER_PIECE * len(markup)
        if self._weight + weight > self._max_markup:
            self._old, self._young, self._weight = self._young, {}, 0
        self._young[markup] = shape
        self._weight += weight
