"""JSON in and out, with numbers as they are spelled: ``1.50`` stays ``1.50``, a count of 30 digits keeps them all."""

from __future__ import annotations

from dataclasses import dataclass
from json import JSONDecoder
from typing import Any, Final

import orjson

from schemas.cloudevents.attributes import invalid

DEEPEST: Final = 64
"""How deep objects and arrays may nest."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a JSON document, by its text."""

    text: str


def read(body: bytes) -> Any:
    """Return the document that ``body`` is, every number in it a :class:`Number`. Of equal names the last one counts.

    Raises:
        InvalidEvent: not JSON (RFC 8259, in UTF-8), or nested too deeply.
    """
    _check_depth(plain(body))
    return _DECODER.decode(body.decode())


def plain(body: bytes) -> Any:
    """Return the document with numbers as Python has them.

    Raises:
        InvalidEvent: not JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid("body", f"not JSON: {error}") from None


def write(value: Any) -> bytes:
    """Return compact JSON of what :func:`read` gave, or parts of it."""
    return orjson.dumps(value, default=_spelled, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _spelled(number: Number) -> orjson.Fragment:
    return orjson.Fragment(number.text)


def _check_depth(document: Any) -> None:
    level = [document]
    for _ in range(DEEPEST):
        level = [inner for node in level for inner in _inside(node) if type(inner) in {dict, list}]
        if not level:
            return
    raise invalid("body", f"objects and arrays nest deeper than {DEEPEST}")


def _inside(node: Any) -> Any:
    if type(node) is dict:
        return node.values()
    return node if type(node) is list else ()


_DECODER: Final = JSONDecoder(parse_float=Number, parse_int=Number)
