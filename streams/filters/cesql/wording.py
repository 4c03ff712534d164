"""How a parse error names what it found and what could have stood there."""

from __future__ import annotations

from typing import Final

_OPERAND: Final = frozenset({"STRING", "INTEGER", "WORD", "LPAR"})
_OPERATOR: Final = frozenset({"COMPARISON", "PLUS"})

_SINGLE: Final = {
    "_RPAR": "')'",
    "_COMMA": "','",
    "$END": "the end of the expression",
}
_LONE: Final = {
    "STRING": "a string in quotes",
    "WORD": "the name of an attribute",
    "LPAR": "'('",
    "_LIKE": "LIKE",
    "_IN": "IN",
}


def finding(text: str) -> str:
    """What stands in the text, cut to 40 characters; a lone quote is a string without its end."""
    if text in {"'", '"'}:
        return f"a string without its closing {text}"
    return repr(text) if len(text) <= 40 else f"{text[:39]!r}…"


def expectation(terminals: set[str]) -> str:
    """What the parser would have taken, as a list in words."""
    if terminals >= _OPERAND:
        choices = ["a value"]
    else:
        choices = ["an operator"] if terminals >= _OPERATOR else [_LONE[name] for name in _LONE if name in terminals]
        choices += [_SINGLE[name] for name in _SINGLE if name in terminals]
    *others, last = choices or ["nothing"]
    return f"{', '.join(others)} or {last}" if others else last
