"""JSON values as vRO's REST API has them: each under the name of its kind, beside the type of the parameter.

The rules are those of the VEBA function kn-py-vro, so that its workflows find the same names and types. Where it would
fail (nothing in a list, a number that is none) or send a type that vRO does not know, the nearest type that vRO has.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

DEEPEST: Final = 32
"""Levels of values within values; what is deeper is sent as the text of its JSON."""

# Digits alone are a number, although ISO 8601 takes four of them for a year.
_DATE: Final = re.compile(r"\d{4}-\d{2}(-\d{2}.*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,120}")


class Value(NamedTuple):
    """One value.

    Attributes:
        type: of a parameter that has it: ``string``, ``VC:VirtualMachine``, ``Array/Date``.
        wire: as the API takes it: ``{"string": {"value": "x"}}``.
    """

    type: str
    wire: dict[str, Any]


def value(given: Any, vcenter: str | None, depth: int = 0) -> Value | None:
    """The value of what JSON holds; None for null.

    Args:
        given: parsed JSON.
        vcenter: host of the vCenter as vRO's plug-in knows it, for references to its objects; None: there are none.
        depth: levels above it.
    """
    if given is None:
        return None
    if isinstance(given, int | float):
        kind = "boolean" if isinstance(given, bool) else "number"
        return Value(kind, {kind: {"value": given}})
    if isinstance(given, str):
        return _text(given)
    if depth >= DEEPEST:
        return string(orjson.dumps(given).decode())
    if isinstance(given, dict):
        return _reference(given, vcenter) or properties(given.items(), vcenter, depth)
    return _list(given, vcenter, depth)


def string(text: str) -> Value:
    """A text that stays one, whatever it looks like."""
    return Value("string", {"string": {"value": text}})


def properties(pairs: Any, vcenter: str | None, depth: int = 0) -> Value:
    """Names and values, without those that are null."""
    entries = [
        {"key": str(key), "value": found.wire}
        for key, given in pairs
        if (found := value(given, vcenter, depth + 1)) is not None
    ]
    return Value("Properties", {"properties": {"property": entries}})


def _text(text: str) -> Value:
    if _DATE.fullmatch(text) and _is_date(text):
        return Value("Date", {"date": {"value": text}})
    if len(text) <= 100 and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return Value("number", {"number": {"value": number}})
    return string(text)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(f"{text}-01" if len(text) == len("2026-11") else text)
    except ValueError:
        return False
    return True


def _reference(given: dict[str, Any], vcenter: str | None) -> Value | None:
    """An object of the vCenter, where one of the values is a reference: ``{"Type": …, "Value": …}``."""
    for inner in given.values() if vcenter is not None else ():
        if isinstance(inner, dict) and {"Type", "Value"} <= inner.keys():
            kind, moref = inner["Type"], inner["Value"]
            if all(isinstance(each, str) and _REFERENCE.fullmatch(each) for each in (kind, moref)):
                name = f"VC:{kind}"
                return Value(name, {"sdk-object": {"type": name, "id": f"{vcenter},id:{moref}"}})
    return None


def _list(given: list[Any], vcenter: str | None, depth: int) -> Value:
    if given and all(isinstance(each, dict) and {"Key", "Value"} <= each.keys() for each in given):
        return properties(((each["Key"], each["Value"]) for each in given), vcenter, depth)
    found = [each for each in (value(inner, vcenter, depth + 1) for inner in given) if each is not None]
    types = {each.type for each in found}
    of_one = len(types) == 1 and not next(iter(types)).startswith("Array")
    kind = f"Array/{types.pop()}" if of_one else "Array"
    return Value(kind, {"array": {"elements": [each.wire for each in found]}})
