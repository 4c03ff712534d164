"""JSON that a sender or a template has spoilt: line breaks inside of texts, commas left out between members.

Aria Operations for Logs documents such payloads, and templates paste texts of several lines. Nothing else is mended:
a guess at quotes could turn one text into another.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ingest.webhook.payload import document
from schemas.errors import InvalidEvent

LARGEST: Final = 256 * 2**10
"""Bytes of a body that is mended: it takes a fraction of a second, and others wait for it."""

RAW: Final = "raw"
"""Member of a mended document in which the body stands as it came."""

_TOKEN: Final = re.compile(
    r'(?P<blank>[ \t\r\n]++)|(?P<value>"(?:[^"\\]|\\.)*+"|[-+.0-9A-Za-z]++)|(?P<begin>[{\[])|(?P<end>[}\]])|[,:]',
    re.DOTALL,
)
_CONTROL: Final = re.compile("[\0-\x1f]")


def read(body: bytes) -> tuple[Any, bool]:
    """Return the document, and whether it had to be mended.

    Costs a few passes over the body; for one that is not JSON a look at every token of it.

    Raises:
        InvalidEvent: not JSON, mended or not, or nested too deeply.
    """
    try:
        return document.read(body), False
    except InvalidEvent as error:
        try:
            return document.read(_mended(body)), True
        except (InvalidEvent, UnicodeDecodeError):
            raise error from None


def raw(body: bytes) -> str:
    """Return a body that was mended as the text it came as."""
    return body.decode()


def _mended(body: bytes) -> bytes:
    """Return ``body`` with what is missing, or as it is when it is too large or not made of JSON's tokens."""
    text = body.decode()
    out: list[str] = []
    at, complete = 0, False  # whether a value ends here, so that another cannot begin without a comma
    while at < len(text) <= LARGEST:
        found = _TOKEN.match(text, at)
        if found is None:
            return body
        at = found.end()
        if found.lastgroup == "blank":
            out.append(found[0])
            continue
        if complete and found.lastgroup in {"value", "begin"}:
            out.append(",")
        out.append(_CONTROL.sub(_escaped, found[0]))
        complete = found.lastgroup in {"value", "end"}
    return "".join(out).encode() or body


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
