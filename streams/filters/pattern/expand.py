"""From a pattern as written to its alternatives: ``$or`` multiplied out, every leaf compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from streams.filters.operators import compile_leaf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.filters.compilation import At, Compilation
    from streams.filters.leaf import Leaf
    from streams.filters.pattern.fields import Names

DEEPEST: Final = 32
MOST: Final = 1000
"""Alternatives of one pattern, as many as EventBridge takes."""

OR: Final = "$or"
RESERVED: Final = frozenset(
    {"exactly", "prefix", "suffix", "anything-but", "exists", "numeric", "cidr", "wildcard", "equals-ignore-case"}
)
"""What no field inside ``$or`` may be called."""

Alternatives: TypeAlias = list[dict["Names", "Leaf"]]


def expand(given: Mapping[str, Any], at: At, compilation: Compilation) -> Alternatives:
    """The alternatives that ``given`` spells, complete only when there are no faults.

    A field that stands inside ``$or`` and beside it is what was written last, as in event-ruler.
    """
    return _Expansion(compilation).object(given, (), at, [{}], inside_or=False)


class _Expansion:
    """One pattern while it is written out."""

    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation

    def object(
        self, given: Mapping[Any, Any], names: Names, at: At, rules: Alternatives, *, inside_or: bool
    ) -> Alternatives:
        """``rules``, each with what ``given`` asks added; a rule more for each choice it leaves."""
        if not given:
            self._compilation.fault(at, "is an empty object", "write the fields that must match, or leave it out")
        if len(at) > DEEPEST:
            self._compilation.fault(at, f"is nested deeper than {DEEPEST}", "write it flatter")
            return rules
        for name, value in given.items():
            place = (*at, name)
            if name == OR:
                rules = self._either(value, names, place, rules)
            elif not isinstance(name, str):
                self._compilation.fault((*at, str(name)), "is not a text", "put the name in quotes")
            elif inside_or and name in RESERVED:
                self._compilation.fault(place, "is an operator, and no field inside $or", "write it into a list")
            elif isinstance(value, dict):
                rules = self.object(value, (*names, name), place, rules, inside_or=inside_or)
            elif isinstance(value, list | tuple):
                leaf = compile_leaf(value, place, self._compilation, "eventbridge")
                if leaf is not None:
                    rules = [{**rule, (*names, name): leaf} for rule in rules]
            else:
                self._compilation.fault(place, "is neither a list nor an object", "put the value into a list: [value]")
        return rules

    def _either(self, given: Any, names: Names, at: At, rules: Alternatives) -> Alternatives:
        if not isinstance(given, list | tuple) or len(given) < 2 or not all(isinstance(each, dict) for each in given):
            self._compilation.fault(at, "is not a list of two or more objects", "write one object for each choice")
            return rules
        if len(rules) * len(given) > MOST:
            self._compilation.fault(at, f"makes more than {MOST} combinations", "use fewer $or, or several routes")
            return rules
        found: Alternatives = []
        for place, each in enumerate(given):
            found += self.object(each, names, (*at, place), list(rules), inside_or=True)
        return found
