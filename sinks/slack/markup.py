"""Text that Slack shows as it is, within its limits.

Slack's own markup (mrkdwn) has three control characters, ``&``, ``<`` and ``>``; lengths are counted here in UTF-16
code units, the most that any client of Slack's can count.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FENCE: Final = "```"
FENCES: Final = 2 * len(FENCE) + 2
"""What the fences around a fixed-width block take, with their line ends."""

_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TABLE: Final = str.maketrans(_ESCAPED)
_BETWEEN_TICKS: Final = re.compile("(?<=`)(?=`)")
_APART: Final = "\N{ZERO WIDTH SPACE}"
# They make what follows read another way than it stands there.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Without what cannot be seen: control characters but line end and tab, half characters, changes of direction."""
    lines = text.replace("\r\n", "\n")
    return "".join(
        char for char in lines if char in "\n\t" or not (unicodedata.category(char) in {"Cc", "Cs"} or char in _TURNING)
    )


def escaped(text: str) -> str:
    """As mrkdwn in which nothing is a mention or a link."""
    return text.translate(_TABLE)


def fenced(text: str) -> str:
    """As a fixed-width block of mrkdwn that no backticks in it can end: a space of no width keeps them apart."""
    return f"{FENCE}\n{_BETWEEN_TICKS.sub(_APART, escaped(text))}\n{FENCE}"


def width(char: str) -> int:
    """Code units of a character as it is."""
    return 2 if char > "\uffff" else 1


def escaped_width(char: str) -> int:
    """Code units that :func:`escaped` makes of a character."""
    return len(_ESCAPED.get(char, "")) or width(char)


def fenced_width(char: str) -> int:
    """Code units that :func:`fenced` makes of a character, at most."""
    return 2 if char == "`" else escaped_width(char)


def cut(text: str, room: int, measure: Callable[[str], int] = width) -> str:
    """At most ``room`` units of ``text``; one that is longer ends in an ellipsis."""
    first = next(_slices(text, room, measure), "")
    return first if first == text else f"{next(_slices(text, room - 1, measure), '')}…"


def pieces(text: str, room: int, measure: Callable[[str], int] = width) -> list[str]:
    """``text`` in parts of at most ``room`` units, parted between lines where those are not longer themselves.

    The line end between two parts is left out; parts without anything to be seen, too.
    """
    found: list[str] = []
    part, filled = "", 0
    for line in text.split("\n"):
        for number, stretch in enumerate(_slices(line, room, measure)):
            size = sum(map(measure, stretch))
            joint = "\n" if not number else ""
            if part and filled + len(joint) + size <= room:
                part, filled = f"{part}{joint}{stretch}", filled + len(joint) + size
            else:
                found.append(part)
                part, filled = stretch, size
    return [each for each in (*found, part) if each.strip()]


def _slices(text: str, room: int, measure: Callable[[str], int]) -> Iterator[str]:
    """One after the other as long as fits; of an empty text the empty one."""
    start = filled = 0
    for place, char in enumerate(text):
        size = measure(char)
        if filled + size > room:
            yield text[start:place]
            start, filled = place, 0
        filled += size
    yield text[start:]
