"""Which routes come into question for a subject and a type, without looking at the others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from streams.filters.attribute import Affix, OneOf
from streams.filters.condition import AllOf, AnyOf
from streams.routing.prefixes import Prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from streams.filters.condition import Condition

ANCHORS = ("subject", "type")


class Anchor(NamedTuple):
    """What subject or type must be or, where it is no exact text, begin with."""

    name: str
    text: str
    exact: bool


class Anchors:
    """Routes by what they ask of subject or type: exact texts hashed, prefixes in a table, the rest in a list.

    Cost of a look-up: the routes that it yields, and one hash for each length of a prefix.
    """

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in ANCHORS}
        self._prefixes = {name: Prefixes() for name in ANCHORS}
        self._others: list[int] = []

    def add(self, place: int, anchors: Iterable[Anchor] | None) -> None:
        """Remember a route by its place; ``anchors`` as ``anchors_of`` gives them."""
        if anchors is None:
            self._others.append(place)
            return
        for name, text, exact in anchors:
            if exact:
                self._exact[name][text].append(place)
            else:
                self._prefixes[name].add(text, place)

    def candidates(self, attributes: Mapping[str, str]) -> Iterator[int]:
        """Every route that may match an event with these values of subject and type; one may come twice."""
        yield from self._others
        for name in ANCHORS:
            text = attributes.get(name)
            if text is not None:
                yield from self._exact[name].get(text, ())
                yield from self._prefixes[name].of(text)


def anchors_of(conditions: Sequence[Condition]) -> tuple[Anchor, ...] | None:
    """Of conditions that must all hold, the anchors of which an event must have one; None when it need not."""
    for name in ANCHORS:
        for condition in conditions:
            anchors = _anchors(condition, name)
            if anchors is not None:
                return anchors
    return None


def _anchors(condition: Condition, name: str) -> tuple[Anchor, ...] | None:
    match condition:
        case OneOf() if condition.name == name:
            texts = condition.texts
            exact = tuple(Anchor(name, text, exact=True) for text in texts.exact)
            return exact + tuple(Anchor(name, glob.parts[0], exact=False) for glob in texts.globs)
        case Affix("prefix") if condition.name == name:
            return (Anchor(name, condition.text, exact=False),)
        case AllOf(parts):
            return anchors_of(parts)
        case AnyOf(parts):
            each = [anchors_of((part,)) for part in parts]
            return tuple(anchor for found in each for anchor in found or ()) if None not in each else None
    return None
