"""Texts in which ``*`` stands for any text, also none: matched in time linear in both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2048

_TOKENS = re.compile(r"\\(.)|(\*+)|([^\\*]+)|(\\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Glob:
    """A compiled pattern.

    Attributes:
        parts: the literal texts between stars, at least two; the first begins the text, the last ends it.
    """

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Glob | str:
        r"""The pattern that ``text`` spells, or the plain text when it has no star; ``\*`` and ``\\`` are literal.

        Raises:
            ValueError: it is too long, or ends in a lone backslash, or escapes something else; the message says which.
        """
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        parts = [""]
        for escaped, stars, literal, dangling in _TOKENS.findall(text):
            if dangling or (escaped and escaped not in "*\\"):
                raise ValueError(r"has a backslash before something else than * and \ ")
            if stars:
                parts.append("")
            else:
                parts[-1] += escaped or literal
        return cls(tuple(parts)) if len(parts) > 1 else parts[0]

    def matches(self, text: str) -> bool:
        """Whether the whole of ``text`` fits."""
        first, *inner, last = self.parts
        if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for part in inner:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    def __str__(self) -> str:
        return "*".join(part.replace("\\", "\\\\").replace("*", "\\*") for part in self.parts)
