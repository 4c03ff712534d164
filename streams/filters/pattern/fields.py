"""One alternative of a pattern, and whether an event is so, arrays of objects included.

An event is taken as the set of its scalars, each with its path; arrays add nothing to a path. All that a pattern asks
below one array must come from one and the same element of it (array consistency), at every depth. ``exists: false``
is judged inside the element that the rest of the pattern chose; where the rest chooses none, it is judged over all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from streams.filters.leaf import scalars
from streams.filters.path import flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.filters.effort import Effort
    from streams.filters.leaf import Leaf

Names: TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the members of one object must be; all must hold.

    Attributes:
        leaves: members that are values.
        nested: members that are objects, or arrays of objects.
        hollow: whether an object without any of these members is so, too.
    """

    leaves: tuple[tuple[str, Leaf], ...]
    nested: tuple[tuple[str, Fields], ...]
    hollow: bool = field(compare=False)

    @classmethod
    def of(cls, leaves: Mapping[Names, Leaf]) -> Fields:
        """The fields that some paths, each not empty, make together."""
        here = tuple((names[0], leaf) for names, leaf in leaves.items() if len(names) == 1)
        below: dict[str, dict[Names, Leaf]] = {}
        for names, leaf in leaves.items():
            if len(names) > 1:
                below.setdefault(names[0], {})[names[1:]] = leaf
        nested = tuple((name, cls.of(inner)) for name, inner in below.items())
        return cls(here, nested, all(leaf.absent for _, leaf in here) and all(fields.hollow for _, fields in nested))

    def hold(self, node: Any, effort: Effort) -> bool:
        """Whether ``node``, or one element of it when it is an array, is so.

        Raises:
            Exhausted: the arrays have more elements than ``effort`` allows.
        """
        if type(node) is dict:
            return self._fit(node, effort)
        objects = [each for each in flat([node], effort) if type(each) is dict]
        if not self.hollow:
            return any(self._fit(each, effort) for each in objects)
        return all(self._lack(each, effort) for each in objects) or any(
            self._fit(each, effort) and not self._lack(each, effort) for each in objects
        )

    def _fit(self, members: Mapping[str, Any], effort: Effort) -> bool:
        """Whether one object is so."""
        effort.spend(2 + 3 * len(self.leaves))
        for name, leaf in self.leaves:
            if not leaf.fits(_values(members, name, effort), effort):
                return False
        for name, fields in self.nested:  # noqa: SIM110 - a generator would double the cost of a usual event
            if not fields.hold(members.get(name), effort):
                return False
        return True

    def _lack(self, members: Mapping[str, Any], effort: Effort) -> bool:
        """Whether one object has nothing at any of these places."""
        effort.spend(2 + 3 * len(self.leaves))
        if any(_values(members, name, effort) for name, _ in self.leaves):
            return False
        return all(
            fields._lack(each, effort)  # noqa: SLF001 - fields of the same class
            for name, fields in self.nested
            for each in flat([members.get(name)], effort)
            if type(each) is dict
        )


def _values(members: Mapping[str, Any], name: str, effort: Effort) -> list[Any]:
    if name not in members:
        return []
    value = members[name]
    return scalars(flat([value], effort)) if type(value) is list or type(value) is dict else [value]


def values_at(document: Mapping[str, Any], names: Names, effort: Effort) -> list[Any]:
    """Every scalar at a path, whichever elements of arrays it lies in.

    Raises:
        Exhausted: the arrays have more elements than ``effort`` allows.
    """
    nodes: list[Any] = [document]
    for name in names:
        effort.spend(len(nodes))
        nodes = [each[name] for each in flat(nodes, effort) if type(each) is dict and name in each]
    return scalars(flat(nodes, effort))
