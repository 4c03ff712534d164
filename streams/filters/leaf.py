"""What the values in one place of an event must be: alternatives, of which one value must fit one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.filters.scalar import Exact
from streams.filters.token import Literal, token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.filters.effort import Effort
    from streams.filters.scalar import Test
    from streams.filters.token import Token

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """Alternatives (OR).

    Attributes:
        tests: a value that fits any of them is enough.
        present: any value is enough.
        absent: no value at all is enough.
    """

    tests: tuple[Test, ...] = ()
    present: bool = False
    absent: bool = False

    @property
    def equals(self) -> frozenset[Token] | None:
        """The tokens of which one must be there, where that is all it asks; None where it asks anything else.

        A reader of many leaves hashes these: ``Leaf.fits`` is true exactly when a value's ``token`` is among them.
        """
        if self.present or self.absent or len(self.tests) != 1 or not isinstance(self.tests[0], Exact):
            return None
        return self.tests[0].tokens

    def fits(self, values: Sequence[Any], effort: Effort) -> bool:
        """Whether the values of one place, arrays already replaced by their elements, are so.

        An object among them counts as present, and is no scalar.

        Raises:
            Exhausted: there is more to look at than ``effort`` allows.
        """
        if not values:
            return self.absent
        if self.present:
            return True
        if (equals := self.equals) is not None:  # one step for each value, as for whoever hashes them
            effort.spend(len(values))
            return any(token(value) in equals for value in values)
        for test in self.tests:
            effort.spend(len(values))
            if any(test.fits(value, effort) for value in values):
                return True
        return False

    def __str__(self) -> str:
        words = [str(test) for test in self.tests[:_SHOWN]]
        if rest := len(self.tests) - len(words):
            words.append(f"{rest} more")
        if self.present:
            words.append("exists")
        if self.absent:
            words.append("does not exist")
        return " or ".join(words)


def scalars(values: Sequence[Any]) -> list[Any]:
    """Those of ``values`` that are neither objects nor arrays."""
    return [value for value in values if token(value) is not Literal.NONE_OF_THEM]
