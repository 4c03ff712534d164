"""The syntax tree of an expression.

Operators of one precedence form one flat chain, evaluated from left to right, so that the depth of a tree grows with
what its author nested, not with the number of operators. Every node knows its depth; attribute names are lower case,
function names upper case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from streams.filters.cesql.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A String, Integer or Boolean."""

    value: Value
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of a context attribute."""

    name: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether the event has the attribute."""

    name: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Unary:
    """``NOT`` or ``-`` before an operand."""

    operator: str
    operand: Node
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Like:
    """``[NOT] LIKE``: the pattern as in the literal, escapes included."""

    pattern: str
    negated: bool
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Within:
    """``[NOT] IN``: the elements of the set, at least one."""

    elements: tuple[Node, ...]
    negated: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Infix:
    """A binary operator, upper case, and its right operand."""

    operator: str
    right: Node
    depth: int


Link: TypeAlias = Like | Within | Infix
"""What follows an operand and makes a new one of it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """An operand and the operations on it, all of one precedence; at least one."""

    first: Node
    links: tuple[Link, ...]
    depth: int


Node: TypeAlias = Literal | Attribute | Exists | Unary | Call | Chain
