"""Calls of functions.

Source of the rules: CESQL 1.0 §3.5. A call that no function takes is false and a ``missingFunction`` error; its
arguments are not evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.filters.cesql.code import Code, operand
from streams.filters.cesql.errors import Failure
from streams.filters.cesql.functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.filters.cesql.code import AnyRun, Attributes
    from streams.filters.cesql.limits import Budget
    from streams.filters.cesql.values import Value


def invocation(name: str, arguments: Sequence[Code], budget: Budget) -> Code:
    """The call of ``name``, upper case. Spends what goes into it and what comes out."""
    if (what := missing(name, len(arguments))) is not None:
        return _unknown(what)
    found = ((function, function.types(len(arguments))) for function in FUNCTIONS[name])
    function, types = next((function, types) for function, types in found if types is not None)
    weight = _weight(name, arguments) if function.returns is str else 1
    budget.spend(1 + sum(argument.weight for argument in arguments) + weight)
    runs: list[AnyRun] = [
        argument.run if wanted is None else operand(argument, wanted)  # type: ignore[type-var]  # one of the three
        for argument, wanted in zip(arguments, types, strict=True)
    ]
    return Code(_call(function.apply, runs), function.returns, weight)


def _call(apply: Callable[..., Value], arguments: Sequence[AnyRun]) -> AnyRun:
    def run(attributes: Attributes) -> Value:
        values = [argument(attributes) for argument in arguments]
        try:
            return apply(*values)
        except Failure as failure:
            failure.origin = run
            raise

    return run


def _weight(name: str, arguments: Sequence[Code]) -> int:
    weights = [argument.weight for argument in arguments]
    match name, weights:
        case "CONCAT", _:
            return 1 + sum(weights)
        case "CONCAT_WS", [delimiter, *texts]:
            return 1 + sum(texts) + delimiter * len(texts)
        case _:
            return max(weights)


def missing(name: str, count: int) -> str | None:
    """Why no function takes a call of ``name``, upper case, with ``count`` arguments; None when one does."""
    if name not in FUNCTIONS:
        return f"there is no function {name[:64]}"
    taken = any(function.types(count) is not None for function in FUNCTIONS[name])
    return None if taken else f"{name} does not take {count} arguments"


def _unknown(what: str) -> Code:
    def run(_attributes: Attributes) -> bool:
        raise Failure("missingFunction", what)

    return Code(run, bool)
