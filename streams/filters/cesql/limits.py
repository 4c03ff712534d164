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
"""Parentheses, function calls and unary operators inside one another; chains such as ``a OR b OR c`` are flat."""

MAX_STEPS: Final = 16_384
"""Attributes that an evaluation may read, and hand on from function to function: see ``Budget``."""

PIECE: Final = 64
"""Characters of a literal that count as one attribute."""


def check_length(text: str) -> None:
    """Raises ``ParseError`` for a text that is too long to be looked at."""
    if len(text) > MAX_LENGTH:
        raise ParseError(
            f"the expression has {len(text):,} characters, at most {MAX_LENGTH:,} are allowed",
            line=1,
            column=1,
            cure="split it into several filters",
        )


class Budget:
    """Counts the steps of one expression while it is compiled.

    A step is one attribute read, or one attribute's worth of text handed into or out of a function or ``LIKE``:
    ``LOWER(CONCAT(a, b))`` reads two, hands two into ``CONCAT`` and two out of it, two into ``LOWER`` and two out.
    So the text that an evaluation copies is bounded by ``MAX_STEPS`` times its longest attribute.
    """

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Raises ``ParseError`` as soon as the expression would take more than ``MAX_STEPS``."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise ParseError(
                f"an evaluation would read and copy more than {MAX_STEPS:,} attributes",
                line=1,
                column=1,
                cure="split it into several filters",
            )
