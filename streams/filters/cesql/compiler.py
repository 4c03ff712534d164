"""Syntax tree to closures: every decision that needs no event is made here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cloudevents.attributes import REQUIRED
from streams.filters.cesql import tree
from streams.filters.cesql.code import Code, attribute, chain, literal, operand
from streams.filters.cesql.invocation import invocation, missing
from streams.filters.cesql.limits import PIECE, Budget
from streams.filters.cesql.operators.arithmetic import arithmetic, minus
from streams.filters.cesql.operators.comparison import comparison
from streams.filters.cesql.operators.like import like
from streams.filters.cesql.operators.logic import logic, negation
from streams.filters.cesql.operators.membership import membership

if TYPE_CHECKING:
    from streams.filters.cesql.code import Attributes, Step
    from streams.filters.cesql.values import Value

_LOGIC = frozenset({"AND", "OR", "XOR"})
_ARITHMETIC = frozenset("+-*/%")


class Compiler:
    """Compiles one tree.

    Attributes:
        reads: the names of the attributes that the compiled expression reads, or looks for.
        missing: why there is no function for a call, for each call of which that is so.
        budget: what it costs; beyond it compiling raises ``ParseError``.
    """

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.missing: list[str] = []
        self.budget = Budget()

    def compile(self, node: tree.Node) -> Code:
        """The code of ``node``; recursion is bounded by the depth of the tree."""
        match node:
            case tree.Literal(value):
                return literal(value, _weight(value))
            case tree.Attribute(name):
                self._read(name)
                return attribute(name)
            case tree.Exists(name):
                self._read(name)
                return _exists(name)
            case tree.Unary(operator, inner):
                self.budget.spend(1)
                return (negation if operator == "NOT" else minus)(self.compile(inner))
            case tree.Call(name, arguments):
                if (what := missing(name, len(arguments))) is not None:
                    self.missing.append(what)
                return invocation(name, [self.compile(argument) for argument in arguments], self.budget)
            case tree.Chain(first, links):
                return self._chain(self.compile(first), links)

    def _chain(self, first: Code, links: tuple[tree.Link, ...]) -> Code:
        steps: list[Step] = []
        result: type[Value] = bool
        self.budget.spend(len(links))
        for link in links:
            match link:
                case tree.Like(pattern, negated):
                    self.budget.spend(_weight(pattern) + 2 * pattern.count("%") + (first.weight if not steps else 0))
                    steps.append(like(pattern, wanted=not negated))
                case tree.Within(elements, negated):
                    steps.append(membership([self.compile(element) for element in elements], wanted=not negated))
                case tree.Infix(operator, right) if operator in _LOGIC:
                    first = first if steps else Code(operand(first, bool), bool)
                    steps.append(logic(operator, self.compile(right)))
                case tree.Infix(operator, right) if operator in _ARITHMETIC:
                    result = int
                    steps.append(arithmetic(operator, self.compile(right)))
                case tree.Infix(operator, right):
                    steps.append(comparison(operator, self.compile(right)))
        return chain(first, steps, result)

    def _read(self, name: str) -> None:
        self.reads.add(name)
        self.budget.spend(1)


def _exists(name: str) -> Code:
    if name in REQUIRED:
        # CESQL 1.0 §3.4.4: the event is a valid one.
        return Code(lambda _attributes: True, bool)

    def run(attributes: Attributes) -> bool:
        return attributes.get(name) is not None

    return Code(run, bool)


def _weight(value: Value) -> int:
    return 1 + len(value) // PIECE if isinstance(value, str) else 1
