"""What can go wrong with an expression: a text that is none, and what ends an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

Kind: TypeAlias = Literal["math", "cast", "missingFunction", "functionEvaluation", "missingAttribute", "generic"]
"""The error types of CESQL 1.0 §3.3 that an evaluation can meet, as the conformance suite writes them.

``generic`` is for what none of the others says; nothing here needs it.
"""


@dataclass(frozen=True, slots=True)
class EvaluationError:
    """The error that ended an evaluation.

    Attributes:
        kind: the error type.
        message: what is wrong, for the author of the expression; values in it are cut to 64 characters.
    """

    kind: Kind
    message: str


class ParseError(ReflexarcError):
    """The text is no expression, or one beyond the limits.

    Attributes:
        kind: always ``parse``.
        line: 1-based line of the fault.
        column: 1-based column, in characters.
    """

    kind: Final = "parse"

    def __init__(self, what: str, *, line: int = 1, column: int = 1, cure: str | None = None) -> None:
        super().__init__(f"line {line}, column {column}: {what}", cure=cure)
        self.line = line
        self.column = column


class Failure(Exception):  # noqa: N818 - carries an error to the one place that catches it
    """Ends an evaluation; never leaves ``Expression``.

    Attributes:
        error: what to report.
        value: what the function at fault yields all the same; None for the zero value.
        origin: the compiled call of that function, whose value this is.
    """

    def __init__(self, kind: Kind, message: str, *, value: str | int | None = None) -> None:
        self.error = EvaluationError(kind, message)
        self.value = value
        self.origin: Callable[..., object] | None = None
