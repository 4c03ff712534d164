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
    for function in FUNCTIONS.get(name, ()):
        types = function.types(len(arguments))
        if types is not None:
            break
    else:
        return _unknown(name, len(arguments))
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


def _unknown(name: str, count: int) -> Code:
    what = f"{name} does not take {count} arguments" if name in FUNCTIONS else f"there is no function {name[:64]}"

    def run(_attributes: Attributes) -> bool:
        raise Failure("missingFunction", what)

    return Code(run, bool)
