"""Texts between tags → JSON strings, many at once."""

from __future__ import annotations

from typing import Final

_BETWEEN: Final = b"\0"  # no XML holds it
_CONTROLS: Final = bytes(range(32))
_AMISS: Final = bytes(sorted({*_CONTROLS, *b'"\\&>'}))
_FORBIDDEN: Final = bytes(sorted({*_CONTROLS} - {*b"\t\n"}))  # the parser makes a raw carriage return a line feed
_ESCAPES: Final = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\t", b"\\t"))
_COMMON: Final = ((b"&lt;", b"<"), (b"&gt;", b">"))
_RARE: Final = (
    (b"&quot;", b'\\"'),
    (b"&apos;", b"'"),
    (b"&#34;", b'\\"'),
    (b"&#39;", b"'"),
    (b"&#x9;", b"\\t"),
    (b"&#xA;", b"\\n"),
    (b"&#xD;", b"\\r"),
    (b"&#13;", b"\\r"),
)
_AMPERSAND: Final = b"&amp;"


def json_strings(texts: list[bytes]) -> list[bytes] | None:
    """What stands between the quotes of a JSON string, for each text.

    None if one of them is no text of XML, or holds what only a parser should resolve. Texts are UTF-8 without ``<``.
    """
    joined = _BETWEEN.join(texts)
    between = len(texts) - 1
    if len(joined.translate(None, _AMISS)) == len(joined) - between:
        return texts
    if len(joined.translate(None, _FORBIDDEN)) != len(joined) - between or b"]]>" in joined:
        return None
    joined = _replaced(joined, _ESCAPES)
    if b"&" in joined:
        joined = _replaced(joined, _COMMON)
        if joined.count(b"&") != joined.count(_AMPERSAND):
            joined = _replaced(joined, _RARE)
            if joined.count(b"&") != joined.count(_AMPERSAND):
                return None
        joined = joined.replace(_AMPERSAND, b"&")
    return joined.split(_BETWEEN)


def _replaced(text: bytes, replacements: tuple[tuple[bytes, bytes], ...]) -> bytes:
    for old, new in replacements:
        text = text.replace(old, new)
    return text
