"""A text as a person typed it, of the markup that Slack makes of it."""

from __future__ import annotations

import re
from typing import Final

# What Slack escapes, the quotes that phones and desktops put in the place of plain ones, and its markup: <@U1|name>,
# <#C1|name>, <!here>, <!subteam^S1|@name>, <https://…|label>.
_MARKUP: Final = re.compile(r"<([^<>]*)>|&(amp|lt|gt);|([\u201c-\u201f])|([\u2018-\u201b])")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">"}


def plain(text: str) -> str:
    """Return ``text`` without markup.

    People and channels become their ids (``@U123``, ``#C123``), for anybody may call himself anything; links become
    what was typed. Every entity is decoded once, so that ``&amp;lt;`` stays the text ``&lt;``.
    """
    return _MARKUP.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    markup, entity, double, _single = found.groups()
    if entity:
        return _ENTITIES[entity]
    if markup is None:
        return '"' if double else "'"
    target, _, label = markup.partition("|")
    match target[:1]:
        case "@" | "#":
            return plain(target)
        case "!":
            name, _, argument = target[1:].partition("^")
            return plain(f"@{argument}" if name == "subteam" else label or f"@{name}")
        case _:
            return plain(label or target)
