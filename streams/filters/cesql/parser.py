"""Text to syntax tree, or a ``ParseError`` that says where, what was found and what could stand there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from streams.filters.cesql import tree
from streams.filters.cesql.errors import ParseError
from streams.filters.cesql.grammar import GRAMMAR
from streams.filters.cesql.limits import MAX_DEPTH, check_length
from streams.filters.cesql.values import HIGHEST, LOWEST
from streams.filters.cesql.wording import expectation, finding

if TYPE_CHECKING:
    from streams.filters.cesql.tree import Link, Node


def parse(text: str) -> Node:
    """The tree of ``text``. Linear in its length: some 10 µs for each token."""
    check_length(text)
    try:
        return _parser().parse(text)  # type: ignore[return-value]  # what the transformer makes of the start rule
    except UnexpectedCharacters as error:
        raise _unexpected(finding(text[error.pos_in_stream]), error.allowed or set(), error.line, error.column) from None
    except UnexpectedToken as error:
        line, column = _end(text) if error.token.type == "$END" else (error.line, error.column)
        found = finding(str(error.token)) if error.token else "the end of the expression"
        raise _unexpected(found, error.accepts or error.expected, line, column) from None


def _unexpected(found: str, terminals: set[str], line: int, column: int) -> ParseError:
    return ParseError(f"found {found}, expected {expectation(terminals)}", line=line, column=column)


def _end(text: str) -> tuple[int, int]:
    text = text.rstrip(" \t\r\n")
    return text.count("\n") + 1, len(text) - text.rfind("\n")


class _Builder(Transformer[Token, "Node"]):
    """Makes the nodes while the parser reduces; a method is named as its rule."""

    def start(self, children: list[Node]) -> Node:
        return children[0]

    @v_args(inline=True)
    def attribute(self, name: Token) -> tree.Attribute:
        return tree.Attribute(name.lower())

    @v_args(inline=True)
    def exists(self, name: Token) -> tree.Exists:
        return tree.Exists(name.lower())

    @v_args(inline=True)
    def integer(self, digits: Token) -> tree.Literal:
        number = int(digits) if len(digits.lstrip("+-0")) <= len(str(HIGHEST)) else HIGHEST + 1
        if not LOWEST <= number <= HIGHEST:
            what = f"{finding(str(digits))} is beyond the Integers, {LOWEST} to {HIGHEST}"
            raise ParseError(what, line=_line(digits), column=_column(digits))
        return tree.Literal(number)

    @v_args(inline=True)
    def string(self, quoted: Token) -> tree.Literal:
        return tree.Literal(_unquoted(quoted))

    def true(self, _: list[Token]) -> tree.Literal:
        return tree.Literal(value=True)

    def false(self, _: list[Token]) -> tree.Literal:
        return tree.Literal(value=False)

    @v_args(inline=True)
    def group(self, bracket: Token, inner: Node) -> Node:
        return _nested(bracket, inner)

    @v_args(inline=True)
    def prefix(self, operator: Token, operand: Node) -> tree.Unary:
        return tree.Unary(operator.upper(), operand, _deeper(operator, operand))

    @v_args(inline=True)
    def call(self, name: Token, bracket: Token, *arguments: Node | None) -> tree.Call:
        given = tuple(argument for argument in arguments if argument is not None)
        return tree.Call(name.upper(), given, _deeper(bracket, *given))

    @v_args(inline=True)
    def like(self, pattern: Token) -> tree.Like:
        return tree.Like(_unquoted(pattern), negated=False)

    @v_args(inline=True)
    def not_like(self, _: Token, pattern: Token) -> tree.Like:
        return tree.Like(_unquoted(pattern), negated=True)

    @v_args(inline=True)
    def within(self, bracket: Token, *elements: Node) -> tree.Within:
        return tree.Within(elements, negated=False, depth=_deeper(bracket, *elements))

    @v_args(inline=True)
    def not_within(self, _: Token, bracket: Token, *elements: Node) -> tree.Within:
        return tree.Within(elements, negated=True, depth=_deeper(bracket, *elements))

    def operand(self, children: list[Node | Link]) -> tree.Chain:
        return _chain(children[0], tuple(children[1:]))  # type: ignore[arg-type]  # an operand and its tests

    def logic(self, children: list[Token | Node]) -> tree.Chain:
        return _chain(children[0], _infixes(children))  # type: ignore[arg-type]  # operands and operators by turns

    comparison = logic
    sum = logic
    product = logic


def _chain(first: Node, links: tuple[Link, ...]) -> tree.Chain:
    return tree.Chain(first, links, depth=max(first.depth, *(link.depth for link in links)))


def _infixes(children: list[Token | Node]) -> tuple[tree.Infix, ...]:
    pairs = zip(children[1::2], children[2::2], strict=True)
    return tuple(tree.Infix(operator.upper(), right, right.depth) for operator, right in pairs)  # type: ignore[union-attr]


def _nested(bracket: Token, inner: Node) -> Node:
    return replace(inner, depth=_deeper(bracket, inner))


def _deeper(place: Token, *inner: Node) -> int:
    depth = 1 + max((node.depth for node in inner), default=0)
    if depth > MAX_DEPTH:
        raise ParseError(
            f"nested deeper than {MAX_DEPTH} levels",
            line=_line(place),
            column=_column(place),
            cure="leave out parentheses, or split the expression into several filters",
        )
    return depth


def _unquoted(quoted: Token) -> str:
    # Only the quote itself needs a backslash; every other backslash is a character, and LIKE reads its own.
    return quoted[1:-1].replace("\\" + quoted[0], quoted[0])


def _line(token: Token) -> int:
    return token.line or 1


def _column(token: Token) -> int:
    return token.column or 1


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Builder())
