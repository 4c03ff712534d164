"""What a node of the tree is compiled to, and how operands reach the type that an operator wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from streams.filters.cesql.errors import Failure
from streams.filters.cesql.values import CASTS, Value, excerpt, represent

Attributes: TypeAlias = Mapping[str, Value]

V = TypeVar("V", str, int, bool)

Run: TypeAlias = Callable[[Attributes], V]
AnyRun: TypeAlias = Callable[[Attributes], Value]

Step: TypeAlias = Callable[[Value, Attributes], Value]
"""One operation of a chain: takes the value of its left operand, evaluates its right one itself."""


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled node.

    Attributes:
        run: evaluates it; raises ``Failure``.
        type: the type of its value; None when only the event tells.
        weight: how many attributes its text may be made of; 1 for what is no text.
        literal: its value, when it is a literal.
        attribute: its name, when it is an attribute.
    """

    run: AnyRun
    type: type[Value] | None
    weight: int = 1
    literal: Value | None = None
    attribute: str | None = None


def literal(value: Value, weight: int) -> Code:
    """A literal."""
    return Code(lambda _attributes: value, type(value), weight, literal=value)


def attribute(name: str) -> Code:
    """The value of an attribute."""
    absent = f"the event has no attribute {excerpt(name)}"

    def run(attributes: Attributes) -> Value:
        value = attributes.get(name)
        if type(value) is str:
            return value
        if value is None:
            raise Failure("missingAttribute", absent)
        return represent(value)

    return Code(run, None, attribute=name)


def operand(code: Code, target: type[V]) -> Run[V]:
    """``code`` as an operand of type ``target``: cast where need be, before the first event where possible."""
    run, cast = code.run, CASTS[target]

    def converted(attributes: Attributes) -> Value:
        value = run(attributes)
        return value if type(value) is target else cast(value)

    if code.type is target:
        return run  # type: ignore[return-value]  # it has just been looked at
    if code.literal is not None:
        return _constant(code.literal, target) or converted  # type: ignore[return-value]  # casts to target
    if code.attribute is None or target is int:
        return converted  # type: ignore[return-value]  # casts to target
    name = code.attribute

    def read(attributes: Attributes) -> Value:
        value = attributes.get(name)
        return value if type(value) is target else converted(attributes)

    return read  # type: ignore[return-value]  # casts to target


def chain(first: Code, steps: Sequence[Step], result: type[Value]) -> Code:
    """``first``, and one operation after the other on it: as many as there are, at one depth of the stack."""
    run = first.run
    if len(steps) == 1:
        step = steps[0]
        return Code(lambda attributes: step(run(attributes), attributes), result)

    def folded(attributes: Attributes) -> Value:
        value = run(attributes)
        for step in steps:
            value = step(value, attributes)
        return value

    return Code(folded, result)


def _constant(value: Value, target: type[V]) -> Run[V] | None:
    try:
        result: V = CASTS[target](value)  # type: ignore[assignment]  # a cast yields its target
    except Failure:
        return None  # left for the evaluation to report
    return lambda _attributes: result
