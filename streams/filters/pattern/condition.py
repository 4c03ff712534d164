"""The conditions that patterns become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.filters.condition import Finding, Needs
from streams.filters.data import TOO_MUCH
from streams.filters.effort import Effort, Exhausted
from streams.filters.pattern.fields import Fields, Names, values_at
from streams.filters.words import saw_each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.filters.leaf import Leaf
    from streams.filters.pattern.entry import Shape
    from streams.filters.view import View

NOT_FETCHED: Final = "the rule was not fetched yet"

_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Alternative:
    """What must all hold at once; a pattern without ``$or`` is one.

    Attributes:
        leaves: what the values at each path must be.
        fields: the same as a tree.
    """

    leaves: tuple[tuple[Names, Leaf], ...]
    fields: Fields = field(compare=False)

    @classmethod
    def of(cls, leaves: Mapping[Names, Leaf]) -> Alternative:
        """The alternative with these leaves."""
        return cls(tuple(leaves.items()), Fields.of(leaves))

    def finding(self, entry: Mapping[str, Any]) -> Finding:
        """The first path at which the event is not so, or that no one element of an array is all of it."""
        for names, leaf in self.leaves:
            effort = Effort()
            try:
                values = values_at(entry, names, effort)
                if leaf.fits(values, effort):
                    continue
            except Exhausted:
                return Finding(_where(names), str(leaf), TOO_MUCH)
            return Finding(_where(names), str(leaf), saw_each(values))
        wanted = " and ".join(f"{'.'.join(names)} {leaf}" for names, leaf in self.leaves)
        return Finding(
            "pattern", f"{wanted} in the same elements of arrays", "no such elements, or too many to look at"
        )


@dataclass(frozen=True, slots=True)
class PatternIs:
    """An EventBridge pattern, written out into alternatives as event-ruler does.

    Attributes:
        alternatives: of which one must match.
        shape: which event it looks at.
        undecided: the answer for an event in which there is more to look at than ``Effort`` allows.
    """

    alternatives: tuple[Alternative, ...]
    shape: Shape
    undecided: bool = False

    @property
    def needs(self) -> Needs:
        """Attributes, and data when it looks there."""
        needs = Needs.DATA if self.shape.data else Needs.ATTRIBUTES
        return needs | Needs.ATTRIBUTES if self.shape.attributes else needs

    def holds(self, view: View) -> bool:
        """Whether it matches."""
        try:
            return self._decide(view)
        except Exhausted:
            return self.undecided

    def doubt(self, view: View) -> str | None:
        """Whether there is more to look at than ``Effort`` allows."""
        try:
            self._decide(view)
        except Exhausted:
            return TOO_MUCH
        return None

    def _decide(self, view: View) -> bool:
        entry = self.shape.entry(view)
        effort = Effort()
        return any(each.fields.hold(entry, effort) for each in self.alternatives)

    def finding(self, view: View) -> Finding:
        """That of the only alternative, or what each of the first few asks."""
        entry = self.shape.entry(view)
        found = [each.finding(entry) for each in self.alternatives[:_SHOWN]]
        if len(self.alternatives) == 1:
            return found[0]
        wanted = " or ".join(f"{each.where} {each.wanted}" for each in found)
        if rest := len(self.alternatives) - len(found):
            wanted += f" or one of {rest} more"
        return Finding("pattern", wanted, "; ".join(dict.fromkeys(f"{each.where} {each.saw}" for each in found)))


@dataclass(frozen=True, slots=True)
class NotFetched:
    """The pattern of a rule that was not fetched yet.

    Attributes:
        arn: the rule.
        undecided: the answer for every event.
    """

    arn: str
    undecided: bool = False

    @property
    def needs(self) -> Needs:
        """Nothing but the cheapest."""
        return Needs.ATTRIBUTES

    def holds(self, view: View) -> bool:  # noqa: ARG002 - the contract of a condition
        """As ``undecided`` says."""
        return self.undecided

    def doubt(self, view: View) -> str:  # noqa: ARG002 - the contract of a condition
        """Always."""
        return NOT_FETCHED

    def finding(self, view: View) -> Finding:  # noqa: ARG002 - the contract of a condition
        """The rule, and that it was not fetched yet."""
        return Finding("pattern.rule_arn", f"matches the pattern of {self.arn}", NOT_FETCHED)


def _where(names: Names) -> str:
    return f"pattern.{'.'.join(names)}"
