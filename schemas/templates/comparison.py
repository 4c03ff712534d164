"""Comparing values in a template, paid for by their size."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Undefined

from schemas.templates.unfit import Unfit, kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schemas.templates.fuel import Fuel

_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def compare(sign: str, fuel: Fuel, left: Any, right: Any) -> bool:
    """Whether ``left sign right`` holds; signs are spelled as in Jinja's syntax tree.

    Raises:
        Unfit: values of these kinds cannot be compared so.
        UndefinedError: one of them is not there.
    """
    for value in (left, right):
        if isinstance(value, Undefined):
            str(value)
    if sign in {"in", "notin"}:
        return _inside(fuel, left, right) is (sign == "in")
    if sign in {"eq", "ne"}:
        return _equal(fuel, left, right) is (sign == "eq")
    texts = isinstance(left, str) and isinstance(right, str)
    if not texts and not (_is_number(left) and _is_number(right)):
        raise Unfit(f"compares {kind(left)} with {kind(right)}; two numbers or two texts have an order")
    fuel.spend(len(left) if texts else 1)
    return _ORDER[sign](left, right)


def _equal(fuel: Fuel, left: Any, right: Any) -> bool:
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        raise Unfit(f"compares {kind(left)} with {kind(right)}; compare what is inside")
    if isinstance(left, str) and isinstance(right, str):
        fuel.spend(min(len(left), len(right)))
    return bool(left == right)


def _inside(fuel: Fuel, left: Any, right: Any) -> bool:
    if isinstance(left, dict | list):
        raise Unfit(f"looks for {kind(left)}; look for a text or number")
    if isinstance(right, str) and isinstance(left, str):
        fuel.spend(len(right))
        return left in right
    if isinstance(right, dict):
        return left in right
    if isinstance(right, list | tuple):
        alike = sum(len(each) for each in right if isinstance(each, str)) if isinstance(left, str) else 0
        fuel.spend(8 * len(right) + alike)
        return left in right
    raise Unfit(f"looks for {kind(left)} in {kind(right)}; look in a list, a text or an object")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
