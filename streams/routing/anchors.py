"""Which routes come into question for a subject and a type, without looking at the others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from streams.filters.attribute import Affix, OneOf
from streams.routing.prefixes import Prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.routing.route import Route

ANCHORS = ("subject", "type")


class Anchors:
    """Routes by what they ask of subject or type: exact texts hashed, prefixes in a table, the rest in a list.

    Cost of a look-up: the routes that it yields, and one hash for each length of a prefix.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, dict[str, list[Route]]] = {name: defaultdict(list) for name in ANCHORS}
        self._prefixes = {name: Prefixes() for name in ANCHORS}
        self._others: list[Route] = []
        for route in routes:
            self._add(route)

    def candidates(self, attributes: dict[str, str]) -> Iterator[Route]:
        """Every route that may match an event with these values of subject and type; one may come twice."""
        yield from self._others
        for name in ANCHORS:
            text = attributes.get(name)
            if text is not None:
                yield from self._exact[name].get(text, ())
                yield from self._prefixes[name].of(text)

    def _add(self, route: Route) -> None:
        for name in ANCHORS:
            for condition in route.conditions:
                if isinstance(condition, OneOf) and condition.name == name:
                    for text in condition.texts.exact:
                        self._exact[name][text].append(route)
                    for glob in condition.texts.globs:
                        self._prefixes[name].add(glob.parts[0], route)
                    return
                if isinstance(condition, Affix) and (condition.dialect, condition.name) == ("prefix", name):
                    self._prefixes[name].add(condition.text, route)
                    return
        self._others.append(route)
