"""Texts between tags → JSON strings, many at once."""

from __future__ import annotations

from typing import Final

_BETWEEN: Final = b"\0"  # no XML holds it
_CONTROLS: Final = bytes(range(32))
_AMISS: Final = bytes(sorted({*_CONTROLS, *b'"\\&>'}))
_FORBIDDEN: Final = bytes(sorted({*_CONTROLS} - {*b"\t\n"}))  # the parser makes a raw carriage return a line feed
_ESCAPES: Final = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\t", b"\\t"))
_NAMED: Final = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'\\"'), (b"&apos;", b"'"))
_NUMBERED: Final = (
    (b"&#34;", b'\\"'),
    (b"&#39;", b"'"),
    (b"&#x9;", b"\\t"),
    (b"&#xA;", b"\\n"),
    (b"&#xD;", b"\\r"),
    (b"&#13;", b"\\r"),
)


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
    for raw, escaped in _ESCAPES:
        joined = joined.replace(raw, escaped)
    if b"&" in joined:
        for reference, character in _NAMED + _NUMBERED if b"&#" in joined else _NAMED:
            joined = joined.replace(reference, character)
        if joined.count(b"&") != joined.count(b"&amp;"):
            return None
        joined = joined.replace(b"&amp;", b"&")
    return joined.split(_BETWEEN)
