"""``data``: paths into an event's data, each with what its values must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streams.filters.condition import AllOf, Equality, Finding, Needs
from streams.filters.effort import Effort, Exhausted
from streams.filters.operators import compile_leaf
from streams.filters.path import Path
from streams.filters.token import token
from streams.filters.words import saw_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.filters.compilation import At, Compilation
    from streams.filters.condition import Condition
    from streams.filters.leaf import Leaf
    from streams.filters.token import Token
    from streams.filters.view import View

TOO_MUCH = "more than a condition may look at"


@dataclass(frozen=True, slots=True)
class DataValues:
    """Asks for the values in one place of the data."""

    path: Path

    def answers(self, view: View) -> Iterable[Token]:
        """The token of each; none where there is more to look at than ``Effort`` allows."""
        effort = Effort()
        try:
            values = self.path.reach(view.data, effort)
            effort.spend(len(values))
        except Exhausted:
            return ()
        return [token(value) for value in values]


@dataclass(frozen=True, slots=True)
class DataIs:
    """One of the values in one place of the data is as a leaf asks, or, with ``exists: false``, there is none.

    Attributes:
        path: the place.
        leaf: what is asked.
        undecided: the answer for an event in which there is more to look at than ``Effort`` allows.
    """

    path: Path
    leaf: Leaf
    undecided: bool = False

    @property
    def needs(self) -> Needs:
        """The data."""
        return Needs.DATA

    @property
    def equality(self) -> Equality | None:
        """A comparison, where the leaf is one."""
        equals = self.leaf.equals
        return None if equals is None or self.undecided else Equality(DataValues(self.path), equals)

    def holds(self, view: View) -> bool:
        """Whether it is so."""
        effort = Effort()
        try:
            return self.leaf.fits(self.path.reach(view.data, effort), effort)
        except Exhausted:
            return self.undecided

    def doubt(self, view: View) -> str | None:
        """Whether there is more to look at than ``Effort`` allows."""
        seen = self._seen(view)
        return seen if seen is TOO_MUCH else None

    def finding(self, view: View) -> Finding:
        """What the leaf asks, and the values that are there."""
        return Finding(f"data.{self.path}", str(self.leaf), self._seen(view))

    def _seen(self, view: View) -> str:
        effort = Effort()
        try:
            values = self.path.reach(view.data, effort)
            self.leaf.fits(values, effort)
        except Exhausted:
            return TOO_MUCH
        return saw_each(values)


def compile_data(given: Mapping[str, Any], at: At, compilation: Compilation) -> Condition | None:
    """One condition for each path; all of them must hold."""
    if not given:
        compilation.fault(at, "names no path", "write a path such as Vm.Name and a value, or leave it out")
    parts: list[Condition] = []
    for spelled, wanted in given.items():
        leaf = compile_leaf(wanted, (*at, spelled), compilation)
        try:
            path = Path.of(spelled)
        except ValueError as error:
            cure = 'write Vm.Name, Arguments[Key=Tag].Value or Arguments[0].Value; "a.b" for a key with a dot'
            compilation.fault((*at, spelled), str(error), cure)
        else:
            if leaf is not None:
                parts.append(DataIs(path, leaf, compilation.undecided))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
