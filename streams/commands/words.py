"""The text of a command as words: one a line, or one line as a shell reads it; bounded."""

from __future__ import annotations

import shlex
import unicodedata
from typing import Final

LONGEST_TEXT: Final = 4000
"""Characters of a whole command."""

MOST_WORDS: Final = 20
"""Words of a command, with its verb."""

LONGEST_WORD: Final = 240
"""Characters of one word: vSphere's own limit of a name, with every character of it escaped."""

_ENDS_LINE: Final = frozenset("\n\r")
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS_TEXT: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a name look like another one."""


class Wrong(ValueError):  # noqa: N818 - names what is wrong with it
    """A text that is no command; the message is for who has typed it."""


def lines(text: str) -> list[str]:
    """The lines of ``text`` that are not blank, without the blanks around them.

    Raises:
        Wrong: it is too long, or has characters that nobody sees.
    """
    if len(text) > LONGEST_TEXT:
        raise Wrong(f"This is longer than {LONGEST_TEXT} characters.")
    plain = text.replace("\t", " ")
    if any(_hidden(char) for char in plain):
        raise Wrong("There is a control character in it; type it again.")
    return [line.strip() for line in plain.replace("\r", "\n").split("\n") if line.strip()]


def shell(line: str) -> list[str]:
    """The words of one line: blanks separate them, quotes hold them together, a backslash takes one character as it is.

    Raises:
        Wrong: a quote is not closed.
    """
    try:
        found = shlex.split(line)
    except ValueError:
        raise Wrong(
            "A quote in it is not closed. Put the other kind around it, or write each argument on a line of its own."
        ) from None
    return [word.strip() for word in found]


def head(line: str, count: int) -> list[str]:
    """The first ``count`` words of one line as they are, and all the rest of it as one more where there is some."""
    return line.split(None, count)


def bounded(words: list[str]) -> list[str]:
    """The same words.

    Raises:
        Wrong: they are too many, or one is empty or too long.
    """
    if len(words) > MOST_WORDS:
        raise Wrong(f"These are more than {MOST_WORDS} words.")
    if not all(words):
        raise Wrong("One of the arguments is empty.")
    if any(len(word) > LONGEST_WORD for word in words):
        raise Wrong(f"One of the arguments is longer than {LONGEST_WORD} characters.")
    return words


def _hidden(char: str) -> bool:
    return char not in _ENDS_LINE and (unicodedata.category(char) in _UNSEEN or char in _TURNS_TEXT)
