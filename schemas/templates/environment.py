"""The sandbox that templates run in: Jinja's own, made smaller. Values are JSON, and nothing can be called."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas.templates.comparison import compare
from schemas.templates.functions import FILTERS, Json, json_of, text_of
from schemas.templates.unfit import Unfit, kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.runtime import Context

    from schemas.templates.fuel import Fuel

FUEL: Final = "_fuel"
"""Name under which a running template finds its fuel; the grammar lets no template say it."""

TESTS: Final = frozenset({"defined", "undefined", "none", "string", "number", "boolean", "mapping"})

_LARGEST: Final = 2**63


class Environment(ImmutableSandboxedEnvironment):
    """Reads members of objects and elements of lists only, so no method and no attribute of Python is in reach.

    Args:
        as_json: what ``{{ }}`` gives is written as JSON, not as text.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=_written_as_json if as_json else _written_as_text,
            autoescape=False,
            optimized=False,  # nothing runs before it has fuel
            cache_size=0,
        )
        self.globals.clear()
        self.filters = {name: _paid(function) for name, function in FILTERS.items()}
        self.filters |= {comparison(sign): _compared(sign) for sign in SIGNS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The member of an object; undefined where there is none, and where there is no object."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The member of an object or the element of a list."""
        if isinstance(obj, Undefined):
            return obj  # the first thing that is missing is the one to name
        if isinstance(obj, dict) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        if isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(hint=f"there is no {str(argument)[:64]}")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers of 64 bits, and ``+`` on texts."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            context[FUEL].spend(len(left) + len(right))
            return str(left) + str(right)
        for value in (left, right):
            _check_number(value)
        try:
            return _in_range(self.binop_table[operator](left, right))
        except (ZeroDivisionError, OverflowError) as error:
            raise Unfit(f"cannot be computed: {error}") from None

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:  # noqa: ARG002 - Jinja's signature
        """The sign of a number."""
        _check_number(arg)
        return self.unop_table[operator](arg)


SIGNS: Final = ("eq", "ne", "lt", "lteq", "gt", "gteq", "in", "notin")


def comparison(sign: str) -> str:
    """Name of the filter that stands for a comparison; no template can spell it."""
    return f"compare {sign}"


def _paid(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def filtered(context: Context, *arguments: Any, **named: Any) -> Any:
        return function(context[FUEL], *arguments, **named)

    return filtered


def _compared(sign: str) -> Callable[..., bool]:
    @pass_context
    def compared(context: Context, left: Any, right: Any) -> bool:
        return compare(sign, context[FUEL], left, right)

    return compared


@pass_context
def _written_as_text(context: Context, value: Any) -> str:
    text = text_of(value)
    context[FUEL].spend(len(text))
    return text


@pass_context
def _written_as_json(context: Context, value: Any) -> str:
    fuel: Fuel = context[FUEL]
    text = json_of(value, fuel)
    fuel.spend((4 if isinstance(value, Json) else 3) * len(text))  # it will be read again
    return str(text)


def _check_number(value: Any) -> None:
    if isinstance(value, Undefined):
        str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"computes with {kind(value)}; + joins two texts, everything else needs numbers")


def _in_range(number: Any) -> Any:
    if not math.isfinite(number) or (isinstance(number, int) and abs(number) > _LARGEST):
        raise Unfit("cannot be computed: the number is too large")
    return number
