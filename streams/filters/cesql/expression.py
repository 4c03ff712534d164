"""The expression: parsed once, evaluated on any number of events."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from streams.filters.cesql.compiler import Compiler
from streams.filters.cesql.errors import EvaluationError, Failure
from streams.filters.cesql.parser import parse
from streams.filters.cesql.values import ZERO, Value

if TYPE_CHECKING:
    from streams.filters.cesql.code import Attributes, Code


class Result(NamedTuple):
    """What an evaluation yields.

    Attributes:
        value: a String, an Integer or a Boolean, also when there is an error.
        errors: the error that ended the evaluation; empty when there was none.
    """

    value: Value
    errors: tuple[EvaluationError, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Expressions are equal when their texts are; made by ``compile``.

    Attributes:
        source: the text as it was given.
        attributes: names of the attributes that it reads, or looks for with EXISTS, lower case.
        missing: why there is no function for a call, for each call of which that is so; an evaluation that comes to
            one of them ends with an error.
        steps: what an evaluation costs at most, in the unit of ``limits.Budget``.
    """

    source: str
    attributes: frozenset[str] = field(compare=False)
    missing: tuple[str, ...] = field(compare=False, repr=False)
    steps: int = field(compare=False, repr=False)
    _code: Code = field(compare=False, repr=False)

    def evaluate(self, attributes: Attributes) -> Result:
        """The value on an event with these attributes, in fail fast mode (CESQL 1.0 §4.1); never raises.

        The first error ends the evaluation. The value is then the zero value of the outermost operator or function; or
        what that function itself names, when the error is its own: ``LEFT('abc', -1)`` is ``'abc'``. Names are lower
        case; an attribute that is no String, 32-bit Integer or Boolean counts as its canonical String, and None as no
        attribute.
        """
        try:
            return Result(self._code.run(attributes))
        except Failure as failure:
            # The type of a lone attribute is unknown without the event, which §3.2 calls Boolean.
            value = failure.value if failure.origin is self._code.run else None
            return Result(ZERO[self._code.type or bool] if value is None else value, (failure.error,))

    def matches(self, attributes: Attributes) -> bool:
        """Whether an event with these attributes passes the filter: the value is Boolean true, and there is no error.

        Source of the rule: CESQL 1.0 §1.2.
        """
        try:
            return self._code.run(attributes) is True
        except Failure:
            return False


def compile(source: str) -> Expression:  # noqa: A001 - as in re.compile
    """The expression of ``source``; raises ``ParseError`` when it is none, or beyond the limits."""
    compiler = Compiler()
    code = compiler.compile(parse(source))
    return Expression(source, frozenset(compiler.reads), tuple(compiler.missing), compiler.budget.steps, code)


def evaluate(expression: str, attributes: Attributes) -> Result:
    """``compile(expression).evaluate(attributes)``; the last 128 expressions stay compiled."""
    return _compiled(expression).evaluate(attributes)


_compiled = lru_cache(maxsize=128)(compile)
