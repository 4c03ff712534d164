"""What an expression may cost, known before the first event.

Each limit is far beyond what people write, and low enough that an evaluation on an ordinary event (attributes of up
to a hundred characters) stays within 10 ms.
"""

from __future__ import annotations

from typing import Final

from streams.filters.cesql.errors import ParseError

MAX_LENGTH: Final = 65_536
"""Characters of an expression."""

MAX_DEPTH: Final = 100
"""Parentheses, function calls and operators inside one another.

A chain of operators of one precedence, such as ``a OR b OR c``, is one level however long.
"""

MAX_STEPS: Final = 32_768
"""Steps that an evaluation may take: see ``Budget``."""

PIECE: Final = 64
"""Characters of a literal that count as one attribute."""


def check_length(text: str) -> None:
    """Raises ``ParseError`` for a text that is too long to be looked at."""
    if len(text) > MAX_LENGTH:
        raise ParseError(
            f"the expression has {len(text):,} characters, at most {MAX_LENGTH:,} are allowed",
            cure="split it into several filters",
        )


class Budget:
    """Counts the steps of one expression while it is compiled.

    One step is an attribute read, an operator, half a ``%`` of a pattern, or one attribute's worth of text that goes
    into a function or ``LIKE`` or comes out of it: ``LOWER(CONCAT(a, b))`` reads two, hands two into ``CONCAT``, three
    out of it (a result may hold literals), three into ``LOWER`` and three out. So not only the time of an evaluation is
    bounded, but also the text that it copies: ``MAX_STEPS`` times the longest attribute.
    """

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Raises ``ParseError`` as soon as the expression would take more than ``MAX_STEPS``."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise ParseError(
                f"an evaluation would take more than {MAX_STEPS:,} steps (attributes read, operators, text copied)",
                cure="split it into several filters; write long lists of values as IN",
            )
