"""The contract of a condition, and the three ways to combine conditions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from streams.filters.view import View


class Needs(IntFlag):
    """What of an event a condition reads. Ordered by cost: what needs less is asked first."""

    ATTRIBUTES = 1
    DATA = 2
    INVENTORY = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a condition does not hold for an event, in words for an operator.

    Attributes:
        where: key below ``match`` in dotted form, such as ``data.Vm.Name``.
        wanted: what the condition asks for, such as ``starts with 'web-'``.
        saw: what the event has there, such as ``'db-01'`` or ``nothing``.
    """

    where: str
    wanted: str
    saw: str


class Question(Protocol):
    """Asks an event for values; hashable, so that many routes can share one look-up."""

    def answers(self, view: View) -> Iterable[Hashable]:
        """The values that the event has there, none when it has nothing."""
        ...

    def __hash__(self) -> int: ...


class Equality(NamedTuple):
    """A condition that only compares: it holds exactly when one of the event's answers is among ``wanted``."""

    question: Question
    wanted: frozenset[Hashable]


class Condition(Protocol):
    """One question about an event; pure, total, immutable.

    Conditions with the same meaning are equal and have the same hash, so that an event is asked once however many
    routes share the question. ``holds`` never raises, whatever the event carries, and takes at most 10 ms.

    Two attributes are optional, and help the index: ``reads``, the names of all attributes that the answer depends
    on, when it depends on nothing else; ``equality``, when the condition does nothing but compare. So is a method:
    ``doubt(view)``, why the answer is not the event's but that of ``Compilation.undecided``, or None where it is.
    """

    @property
    def needs(self) -> Needs:
        """What it reads."""
        ...

    def holds(self, view: View) -> bool:
        """Whether the event is so."""
        ...

    def finding(self, view: View) -> Finding:
        """Why it does not hold; meaningful only where ``holds`` is false. May cost more than ``holds``."""
        ...


@dataclass(frozen=True, slots=True)
class _Joined:
    """What several conditions read together."""

    parts: tuple[Condition, ...]

    @property
    def needs(self) -> Needs:
        """What any part reads."""
        return needs_of(self.parts)

    @property
    def reads(self) -> frozenset[str] | None:
        """Attributes that decide all parts."""
        return _reads(self.parts)


@dataclass(frozen=True, slots=True)
class AllOf(_Joined):
    """Holds when every part does."""

    def holds(self, view: View) -> bool:
        """Asks in order, until one says no."""
        return all(part.holds(view) for part in self.parts)

    def doubt(self, view: View) -> str | None:
        """That of the first part that has one."""
        return next((doubt for part in self.parts if (doubt := doubt_of(part, view))), None)

    def finding(self, view: View) -> Finding:
        """That of the first part that does not hold."""
        return next(part.finding(view) for part in self.parts if not part.holds(view))


@dataclass(frozen=True, slots=True)
class AnyOf(_Joined):
    """Holds when one part does."""

    where: str = "any"

    def holds(self, view: View) -> bool:
        """Asks in order, until one says yes."""
        return any(part.holds(view) for part in self.parts)

    def doubt(self, view: View) -> str | None:
        """That of the parts that hold, when every one of them has one."""
        doubts = [doubt_of(part, view) for part in self.parts if part.holds(view)]
        return doubts[0] if doubts and all(doubts) else None

    def finding(self, view: View) -> Finding:
        """All alternatives, with what each saw."""
        found = [part.finding(view) for part in self.parts]
        wanted = " or ".join(f"{each.where} {each.wanted}" for each in found)
        return Finding(self.where, wanted, "; ".join(dict.fromkeys(f"{each.where} {each.saw}" for each in found)))


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition
    where: str = "not"

    @property
    def needs(self) -> Needs:
        """What the part reads."""
        return self.part.needs

    @property
    def reads(self) -> frozenset[str] | None:
        """Attributes that decide the part."""
        return reads_of(self.part)

    def holds(self, view: View) -> bool:
        """The opposite of the part."""
        return not self.part.holds(view)

    def doubt(self, view: View) -> str | None:
        """That of the part."""
        return doubt_of(self.part, view)

    def finding(self, view: View) -> Finding:
        """That the part holds, or why that could not be decided."""
        return Finding(self.where, "does not hold", self.doubt(view) or "it holds")


def reads_of(condition: Condition) -> frozenset[str] | None:
    """Attributes that alone decide the condition; None when more does, or it does not say."""
    reads: frozenset[str] | None = getattr(condition, "reads", None)
    return reads


def doubt_of(condition: Condition, view: View) -> str | None:
    """Why the condition could not be decided for the event; None when it was, or always is."""
    doubt: Callable[[View], str | None] | None = getattr(condition, "doubt", None)
    return None if doubt is None else doubt(view)


def equality_of(condition: Condition) -> Equality | None:
    """The comparison that the condition is; None when it is more than that."""
    equality: Equality | None = getattr(condition, "equality", None)
    return equality


def _reads(parts: Iterable[Condition]) -> frozenset[str] | None:
    names: frozenset[str] = frozenset()
    for part in parts:
        reads = reads_of(part)
        if reads is None:
            return None
        names |= reads
    return names


def needs_of(parts: tuple[Condition, ...]) -> Needs:
    """Everything that any of ``parts`` reads."""
    needs = Needs(0)
    for part in parts:
        needs |= part.needs
    return needs
