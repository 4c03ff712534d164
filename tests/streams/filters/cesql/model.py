"""CESQL once more, as plainly as the specification says it: a tree that can be written as text and evaluated as it is.

It shares nothing with the code under test. Every operand is put in parentheses when written.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | int | bool


class Wrong(Exception):  # noqa: N818 - what an evaluation ends with
    def __init__(self, kind: str) -> None:
        self.kind = kind


def cast(value: Value, target: type) -> Value:
    match value, target:
        case bool(), _ if target is str:
            return str(value).lower()
        case str(), _ if target is bool:
            if value.lower() not in {"true", "false"}:
                raise Wrong("cast")
            return value.lower() == "true"
        case str(), _ if target is int:
            if not re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII):
                raise Wrong("cast")
            return checked(int(value), "cast")
        case _:
            return target(value)  # type: ignore[no-any-return]


def checked(number: int, kind: str = "math") -> int:
    if not -(2**31) <= number < 2**31:
        raise Wrong(kind)
    return number


@dataclass(frozen=True)
class Literal:
    value: Value

    def text(self) -> str:
        if isinstance(self.value, str):
            return "'" + self.value.replace("'", "\\'") + "'"
        return str(self.value)

    def evaluate(self, _: Mapping[str, Value]) -> Value:
        return self.value

    def type(self) -> type:
        return type(self.value)


@dataclass(frozen=True)
class Attribute:
    name: str

    def text(self) -> str:
        return self.name

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        if self.name not in attributes:
            raise Wrong("missingAttribute")
        return attributes[self.name]

    def type(self) -> type:
        return bool


@dataclass(frozen=True)
class Exists:
    name: str

    def text(self) -> str:
        return f"EXISTS {self.name}"

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        return self.name in attributes

    def type(self) -> type:
        return bool


@dataclass(frozen=True)
class Unary:
    operator: str
    operand: Node

    def text(self) -> str:
        return f"{self.operator} ({self.operand.text()})"

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        value = cast(self.operand.evaluate(attributes), self.type())
        return not value if self.operator == "NOT" else checked(-int(value))

    def type(self) -> type:
        return bool if self.operator == "NOT" else int


@dataclass(frozen=True)
class Binary:
    left: Node
    operator: str
    right: Node

    def text(self) -> str:
        return f"({self.left.text()}) {self.operator} ({self.right.text()})"

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        left = self.left.evaluate(attributes)
        if self.operator in {"AND", "OR", "XOR"}:
            return self._logic(bool(cast(left, bool)), attributes)
        if self.operator in {"=", "!=", "<>"}:
            right = self.right.evaluate(attributes)
            return (cast(left, type(right)) == right) == (self.operator == "=")
        a, b = int(cast(left, int)), int(cast(self.right.evaluate(attributes), int))
        return self._numbers(a, b)

    def _logic(self, left: bool, attributes: Mapping[str, Value]) -> bool:  # noqa: FBT001
        if left is (self.operator == "OR") and self.operator != "XOR":
            return left
        right = bool(cast(self.right.evaluate(attributes), bool))
        return left != right if self.operator == "XOR" else right

    def _numbers(self, a: int, b: int) -> Value:
        if self.operator in {"/", "%"}:
            if b == 0:
                raise Wrong("math")
            quotient = math.trunc(a / b)
            return checked(quotient) if self.operator == "/" else a - b * quotient
        results: dict[str, Value] = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
        results |= {"+": a + b, "-": a - b, "*": a * b}
        result = results[self.operator]
        return result if isinstance(result, bool) else checked(int(result))

    def type(self) -> type:
        return int if self.operator in {"+", "-", "*", "/", "%"} else bool


@dataclass(frozen=True)
class In:
    operand: Node
    elements: tuple[Node, ...]
    negated: bool

    def text(self) -> str:
        elements = ", ".join(element.text() for element in self.elements)
        return f"({self.operand.text()}) {'NOT ' if self.negated else ''}IN ({elements})"

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        value = self.operand.evaluate(attributes)
        found = any(cast(element.evaluate(attributes), type(value)) == value for element in self.elements)
        return found != self.negated

    def type(self) -> type:
        return bool


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]

    def text(self) -> str:
        return f"{self.name}({', '.join(argument.text() for argument in self.arguments)})"

    def evaluate(self, attributes: Mapping[str, Value]) -> Value:
        values = [argument.evaluate(attributes) for argument in self.arguments]
        match self.name, values:
            case "CONCAT", _:
                return "".join(str(cast(value, str)) for value in values)
            case "LENGTH", [text]:
                return len(str(cast(text, str)))
            case _, [value]:
                return cast(value, self.type())
        raise AssertionError(self)

    def type(self) -> type:
        return {"CONCAT": str, "STRING": str, "LENGTH": int, "INT": int, "BOOL": bool}[self.name]


Node = Literal | Attribute | Exists | Unary | Binary | In | Call

names = st.sampled_from(["n", "flag", "subject", "absent"])
values = st.one_of(
    st.sampled_from(["", "true", "FALSE", "7", "-7", "+07", "2147483648", "it's", "a%_b", "\\", "ß"]).filter(
        lambda text: not text.endswith("\\")
    ),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-2, 2),
    st.booleans(),
)
leaves: st.SearchStrategy[Node] = st.one_of(values.map(Literal), names.map(Attribute), names.map(Exists))
operators = st.sampled_from(["AND", "OR", "XOR", "=", "!=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"])


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Unary, st.sampled_from(["NOT", "-"]), inner),
        st.builds(Binary, inner, operators, inner),
        st.builds(In, inner, st.lists(inner, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.builds(Call, st.just("CONCAT"), st.lists(inner, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(["STRING", "LENGTH", "INT", "BOOL"]), st.tuples(inner)),
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, _larger, max_leaves=12)
events = st.dictionaries(names.filter(lambda name: name != "absent"), values, max_size=3)


def outcome(node: Node, attributes: Mapping[str, Value]) -> tuple[type, Value, list[str]]:
    """Type and value of the result, and the kinds of errors."""
    try:
        value = node.evaluate(attributes)
    except Wrong as wrong:
        return node.type(), node.type()(), [wrong.kind]
    return type(value), value, []
