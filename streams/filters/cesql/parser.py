"""Text to syntax tree, or a ``ParseError`` that says where, what was found and what could stand there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lark import Lark, UnexpectedCharacters, UnexpectedToken

from streams.filters.cesql.builder import Builder
from streams.filters.cesql.errors import ParseError
from streams.filters.cesql.grammar import GRAMMAR
from streams.filters.cesql.limits import check_length
from streams.filters.cesql.wording import expectation, finding

if TYPE_CHECKING:
    from streams.filters.cesql.tree import Node


def parse(text: str) -> Node:
    """The tree of ``text``. Linear in its length: some 10 µs for each token."""
    check_length(text)
    try:
        return _parser().parse(text)  # type: ignore[return-value]  # what the transformer makes of the start rule
    except UnexpectedCharacters as error:
        raise _unexpected(
            finding(text[error.pos_in_stream or 0]), error.allowed or set(), error.line, error.column
        ) from None
    except UnexpectedToken as error:
        line, column = _end(text) if error.token.type == "$END" else (error.line, error.column)
        found = finding(str(error.token)) if error.token else "the end of the expression"
        raise _unexpected(found, error.accepts or error.expected, line, column, _cure(error, text)) from None


def _unexpected(found: str, terminals: set[str], line: int, column: int, cure: str | None = None) -> ParseError:
    return ParseError(f"found {found}, expected {expectation(terminals)}", line=line, column=column, cure=cure)


def _cure(error: UnexpectedToken, text: str) -> str | None:
    # SQL doubles a quote inside a string; CESQL does not, and would see a second string.
    quote, start = error.token[:1], error.token.start_pos or 0
    doubled = error.token.type == "STRING" and text[start - 1 : start] == quote
    return f"write a quote inside a string as \\{quote}" if doubled else None


def _end(text: str) -> tuple[int, int]:
    text = text.rstrip(" \t\r\n")
    return text.count("\n") + 1, len(text) - text.rfind("\n")


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=Builder())
