"""What a template can do with a value: a few filters, each paid for by what it reads and writes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import orjson
from jinja2 import StrictUndefined, Undefined

from schemas.templates.unfit import Unfit, kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schemas.templates.fuel import Fuel

LONGEST_NUMBER: Final = 32


class Json(str):
    """Text that is JSON already."""

    __slots__ = ()


def text_of(value: Any) -> str:
    """A scalar as text, spelled as JSON spells it.

    Raises:
        Unfit: it is null, an object or a list.
        UndefinedError: it is not there.
    """
    if isinstance(value, str | Undefined):
        return str(value)
    if isinstance(value, bool | int | float):
        try:
            return orjson.dumps(value).decode()
        except TypeError:
            raise Unfit("has a number of more than 64 bits where a text belongs") from None
    raise Unfit(f"has {kind(value)} where a text belongs; append | default('…', true), or | tojson")


def json_of(value: Any, fuel: Fuel) -> Json:
    """A value as JSON.

    Raises:
        Unfit: JSON cannot hold it, or not so deeply nested.
        UndefinedError: it is not there.
    """
    if isinstance(value, Json):
        return value
    if isinstance(value, Undefined):
        str(value)
    try:
        text = orjson.dumps(value).decode()
    except TypeError as error:
        raise Unfit(f"has what cannot be written as JSON: {error}") from None
    fuel.spend(2 * len(text))
    return Json(text)


def _case(change: Callable[[str], str]) -> Callable[[Fuel, Any], str]:
    def changed(fuel: Fuel, value: Any) -> str:
        text = text_of(value)
        fuel.spend(len(text) if text.isascii() else 3 * len(text))
        return change(text)

    return changed


def _replace(fuel: Fuel, value: Any, old: str, new: str) -> str:
    text, old, new = text_of(value), text_of(old), text_of(new)
    if not old:
        raise Unfit("replaces an empty text")
    fuel.spend(len(text))
    count = text.count(old)
    fuel.spend(2 * count + max(0, count * (len(new) - len(old))))
    return text.replace(old, new)


def _truncate(fuel: Fuel, value: Any, length: int = 255, end: str = "…") -> str:
    text, end = text_of(value), text_of(end)
    if not isinstance(length, int) or length < len(end):
        raise Unfit("truncates to a length that is no number, or shorter than its end")
    fuel.spend(min(len(text), length))
    return text if len(text) <= length else text[: length - len(end)] + end


def _split(fuel: Fuel, value: Any, separator: str = ",") -> list[str]:
    text, separator = text_of(value), text_of(separator)
    if not separator:
        raise Unfit("splits at an empty text")
    fuel.spend(len(text))
    fuel.spend(2 * text.count(separator))
    return text.split(separator)


def _join(fuel: Fuel, value: Any, separator: str = "") -> str:
    if not isinstance(value, list):
        raise Unfit(f"joins {_named(value)}, which is no list")
    fuel.spend(32 * len(value))
    parts, separator = [text_of(part) for part in value], text_of(separator)
    fuel.spend(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def _default(_: Fuel, value: Any, instead: Any = "", boolean: Any = False) -> Any:  # noqa: FBT002 - Jinja's own signature
    return instead if isinstance(value, Undefined) or (boolean and not value) else value


def _first(_: Fuel, value: Any) -> Any:
    return _end(value, 0)


def _last(_: Fuel, value: Any) -> Any:
    return _end(value, -1)


def _end(value: Any, at: int) -> Any:
    if not isinstance(value, list | str):
        raise Unfit(f"takes an end of {_named(value)}, which is no list")
    return value[at] if value else StrictUndefined(hint="an empty list has no first and no last element")


def _length(_: Fuel, value: Any) -> int:
    if not isinstance(value, list | str | dict):
        raise Unfit(f"measures {_named(value)}, which has no length")
    return len(value)


def _string(fuel: Fuel, value: Any) -> str:
    text = text_of(value)
    fuel.spend(len(text))
    return str(text)


def _tojson(fuel: Fuel, value: Any) -> Json:
    return json_of(value, fuel)


def _int(_: Fuel, value: Any, instead: Any = None) -> int:
    return int(_number(value, int, instead))


def _float(_: Fuel, value: Any, instead: Any = None) -> float:
    return float(_number(value, float, instead))


def _number(value: Any, cast: Callable[[Any], float], instead: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return cast(value)
    if isinstance(value, str) and len(value) <= LONGEST_NUMBER:
        try:
            number = cast(value)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
    if isinstance(instead, int | float):
        return instead
    raise Unfit(f"makes a number of {_named(value)}, which is none; write what to take instead: | int(0)")


def _round(_: Fuel, value: Any, digits: int = 0) -> float:
    if not isinstance(digits, int) or not 0 <= digits <= 15:
        raise Unfit("rounds to a number of digits that is not from 0 to 15")
    number = _number(value, float, None)
    return round(number, digits) if digits else float(round(number))


def _abs(_: Fuel, value: Any) -> float:
    if not isinstance(value, int | float):
        raise Unfit(f"takes the size of {_named(value)}, which is no number")
    return abs(value)


def _named(value: Any) -> str:
    return "what is not there" if isinstance(value, Undefined) else kind(value)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "upper": _case(str.upper),
    "lower": _case(str.lower),
    "capitalize": _case(str.capitalize),
    "trim": _case(str.strip),
    "replace": _replace,
    "truncate": _truncate,
    "split": _split,
    "join": _join,
    "default": _default,
    "first": _first,
    "last": _last,
    "length": _length,
    "string": _string,
    "tojson": _tojson,
    "int": _int,
    "float": _float,
    "round": _round,
    "abs": _abs,
}
"""By name; each takes the fuel, the value and its own arguments, and raises ``Unfit`` or ``UndefinedError``."""
