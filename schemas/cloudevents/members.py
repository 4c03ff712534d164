"""The members of a JSON object, each with the very text it is written in.

A parser gives values only; numbers beyond 64 bits, the order of keys and the spelling of floats are lost with it. Here
the standard library's scanner says where a value ends, and the text in between is kept.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NamedTuple, NoReturn

_BLANKS: Final = re.compile(r"[ \t\n\r]*")


class Member(NamedTuple):
    """One member: its parsed value, and its text without blanks around it."""

    value: Any
    text: str


def read_object(text: str) -> dict[str, Member]:
    """The members of the object that ``text`` is.

    Raises:
        ValueError: not one JSON object (RFC 8259), or a member name occurs twice.
        RecursionError: nested too deeply.
    """
    members, end = _object(text, _skip(text, 0))
    _expect_end(text, end)
    return members


def read_array(text: str) -> list[dict[str, Member]]:
    """The members of every object in the array that ``text`` is; raises as ``read_object`` does."""
    objects: list[dict[str, Member]] = []
    at = _after(text, _skip(text, 0), "[")
    if text[at : at + 1] == "]":
        _expect_end(text, at + 1)
        return objects
    while True:
        members, at = _object(text, at)
        objects.append(members)
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            _expect_end(text, at + 1)
            return objects
        at = _after(text, at, ",")


def _object(text: str, at: int) -> tuple[dict[str, Member], int]:
    members: dict[str, Member] = {}
    at = _after(text, at, "{")
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        start = at
        name, at = _DECODER.raw_decode(text, at)
        if not isinstance(name, str):
            raise JSONDecodeError("Expecting a member name", text, start)
        if name in members:
            raise JSONDecodeError("Member name occurs twice", text, start)
        start = _after(text, _skip(text, at), ":")
        value, at = _DECODER.raw_decode(text, start)
        members[name] = Member(value, text[start:at])
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return members, at + 1
        at = _after(text, at, ",")


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _after(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise JSONDecodeError(f"Expecting {sign!r}", text, at)
    return _skip(text, at + 1)


def _expect_end(text: str, at: int) -> None:
    if _skip(text, at) != len(text):
        raise JSONDecodeError("Extra data", text, at)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = JSONDecoder(parse_constant=_refuse_constant)
