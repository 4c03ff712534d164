"""``cesql``: an expression over the attributes of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.filters import cesql
from streams.filters.condition import Finding, Needs
from streams.filters.words import saw

if TYPE_CHECKING:
    from streams.filters.compilation import At, Compilation
    from streams.filters.view import View


@dataclass(frozen=True, slots=True)
class Holds:
    """The expression is Boolean true, without an error (CESQL 1.0 §1.2)."""

    expression: cesql.Expression

    @property
    def needs(self) -> Needs:
        """Attributes."""
        return Needs.ATTRIBUTES

    @property
    def reads(self) -> frozenset[str]:
        """The attributes that it names."""
        return self.expression.attributes

    def holds(self, view: View) -> bool:
        """Whether it is true of the event."""
        return self.expression.matches(view.attributes)

    def finding(self, view: View) -> Finding:
        """What it comes to, or the error that ended it, with the attributes that it read."""
        result = self.expression.evaluate(view.attributes)
        came = "; ".join(f"{error.kind} error: {error.message}" for error in result.errors) or saw(result.value)
        read = ", ".join(
            f"{name} {saw(view.attributes[name])}" for name in sorted(self.reads) if name in view.attributes
        )
        return Finding("cesql", f"is true: {self.expression.source}", f"{came} of {read}" if read else came)


def compile_cesql(given: str, at: At, compilation: Compilation) -> Holds | None:
    """``match.cesql``; the fault names line and column."""
    try:
        expression = cesql.compile(given)
    except cesql.ParseError as error:
        compilation.fault(at, f"is no CESQL expression: {error.message}", error.cure or "see docs/cesql.md")
        return None
    for what in dict.fromkeys(expression.missing):
        # To the language an unknown function is an error of each evaluation that calls it; in a route it is a mistake.
        compilation.fault(at, f"calls what is not there: {what}", "docs/cesql.md lists the functions")
    return None if expression.missing else Holds(expression)
