"""How a command may be written behind its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.commands.words import bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from streams.commands.arguments import Arguments


class Argument(NamedTuple):
    """One argument.

    Attributes:
        name: as the usage shows it.
        read: its word, and the names of the vCenters, to its value; raises ``Wrong``.
        optional: whether it may be left out; then all behind it may.
    """

    name: str
    read: Callable[[str, Collection[str]], object]
    optional: bool = False

    def __str__(self) -> str:
        return f"[{self.name}]" if self.optional else f"<{self.name}>"


class Form(NamedTuple):
    """One way to write a command.

    Attributes:
        make: the values of the arguments that were given, in order, to what the command is told; raises ``Wrong``.
        arguments: in order.
        first: a word that stands before them as it is; empty without one.
        tail: whether the last argument is all the rest, as it was typed.
    """

    make: Callable[..., Arguments]
    arguments: tuple[Argument, ...] = ()
    first: str = ""
    tail: bool = False

    @property
    def shown(self) -> str:
        """As the usage shows it."""
        return " ".join((*([self.first] if self.first else ()), *map(str, self.arguments)))

    def takes(self, words: Sequence[str]) -> bool:
        """Whether ``words`` are so many as this form has."""
        needed = sum(not argument.optional for argument in self.arguments)
        rest = self.rest(words)
        return rest is not None and needed <= len(rest) and (self.tail or len(rest) <= len(self.arguments))

    def rest(self, words: Sequence[str]) -> Sequence[str] | None:
        """``words`` behind the one that stands before them; None where that is another one."""
        if not self.first:
            return words
        return words[1:] if words and words[0] == self.first else None

    def read(self, words: Sequence[str], vcenters: Collection[str]) -> Arguments:
        """What the command is told; of ``words`` that this form takes.

        Raises:
            Wrong: one of them is not what it has to be.
        """
        rest = list(self.rest(words) or ())
        if self.tail and len(rest) > len(self.arguments):
            last = len(self.arguments) - 1
            rest[last:] = bounded([" ".join(rest[last:])])
        return self.make(*(argument.read(word, vcenters) for argument, word in zip(self.arguments, rest, strict=False)))
