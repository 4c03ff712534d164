"""Regular expressions in time linear in the text (RE2), bounded on top of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import re2

from streams.filters.effort import Exhausted

if TYPE_CHECKING:
    from streams.filters.effort import Effort

LONGEST: Final = 512
LARGEST: Final = 500
"""Instructions of the compiled program; a counted repetition such as ``.{0,200}`` has hundreds."""

_MEMORY: Final = 1 << 18
_WORK: Final = 100_000
"""Bytes of text times instructions; the worst seen is 30 ns for each."""


@dataclass(frozen=True, slots=True)
class Regex:
    """Some part of a text fits a regular expression in RE2's syntax.

    Attributes:
        pattern: valid; ``(?i)`` ignores case, ``^`` and ``$`` are the ends of the text.
        size: instructions of the compiled program.
    """

    pattern: str
    size: int = field(compare=False, repr=False)
    _program: Any = field(compare=False, repr=False)

    @classmethod
    def of(cls, pattern: str) -> Regex:
        """The expression that ``pattern`` spells.

        Raises:
            ValueError: it is none, or too large; the message reads on from the place.
        """
        if len(pattern) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        try:
            program, size = _compiled(pattern)
        except re2.error as error:
            raise ValueError(f"is not a regular expression: {_reason(error)}") from None
        except UnicodeEncodeError:
            raise ValueError("is not a regular expression: holds a lone surrogate") from None
        if size > LARGEST:
            raise ValueError(f"compiles to {size} instructions, and {LARGEST} are allowed")
        return cls(pattern, size, program)

    @property
    def reads(self) -> int:
        """Bytes of a text that may be looked at: fewer, the larger the expression; 200 at least."""
        return _WORK // self.size

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether ``value`` is a text that fits.

        Raises:
            Exhausted: the text is longer than ``reads``; its end could decide.
        """
        if type(value) is not str:
            return False
        reads = self.reads
        if len(value) > reads:
            raise Exhausted
        text = value.encode(errors="replace")
        if len(text) > reads:
            raise Exhausted
        effort.spend(20 + len(text) * self.size * 3 // 10)
        return self._program.search(text) is not None

    def __str__(self) -> str:
        return f"fits the regex {self.pattern!r}"


@lru_cache(maxsize=4096)  # for whoever compiles again; a compiled expression keeps its own
def _compiled(pattern: str) -> tuple[Any, int]:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    program = re2.compile(pattern, options)
    return program, max(1, program.programsize)


def _reason(error: Exception) -> str:
    reason = error.args[0]
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
