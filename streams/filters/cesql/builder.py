"""Reductions of the parser to nodes of the syntax tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lark import Token, Transformer, v_args

from streams.filters.cesql import tree
from streams.filters.cesql.errors import ParseError
from streams.filters.cesql.limits import MAX_DEPTH
from streams.filters.cesql.values import HIGHEST, LOWEST
from streams.filters.cesql.wording import finding

if TYPE_CHECKING:
    from streams.filters.cesql.tree import Link, Node


class Builder(Transformer[Token, "Node"]):
    """Makes the nodes while the parser reduces; a method is named as its rule."""

    def start(self, children: list[Node]) -> Node:
        """The whole expression."""
        return children[0]

    @v_args(inline=True)
    def attribute(self, name: Token) -> tree.Attribute:
        """``name``, in lower case."""
        return tree.Attribute(name.lower())

    @v_args(inline=True)
    def exists(self, name: Token) -> tree.Exists:
        """``EXISTS name``."""
        return tree.Exists(name.lower())

    @v_args(inline=True)
    def integer(self, digits: Token) -> tree.Literal:
        """Digits with or without a sign; raises ``ParseError`` beyond 32 bits."""
        number = int(digits) if len(digits.lstrip("+-0")) <= len(str(HIGHEST)) else HIGHEST + 1
        if not LOWEST <= number <= HIGHEST:
            what = f"{finding(str(digits))} is beyond the Integers, {LOWEST} to {HIGHEST}"
            raise ParseError(what, line=_line(digits), column=_column(digits))
        return tree.Literal(number)

    @v_args(inline=True)
    def string(self, quoted: Token) -> tree.Literal:
        """``'…'`` or ``"…"``."""
        return tree.Literal(_unquoted(quoted))

    def true(self, _: list[Token]) -> tree.Literal:
        """``TRUE``."""
        return tree.Literal(value=True)

    def false(self, _: list[Token]) -> tree.Literal:
        """``FALSE``."""
        return tree.Literal(value=False)

    @v_args(inline=True)
    def group(self, bracket: Token, inner: Node) -> Node:
        """``( expression )``: no node of its own, but a level."""
        return replace(inner, depth=_deeper(bracket, inner))

    @v_args(inline=True)
    def prefix(self, operator: Token, operand: Node) -> tree.Unary:
        """``NOT operand`` or ``-operand``."""
        return tree.Unary(operator.upper(), operand, _deeper(operator, operand))

    @v_args(inline=True)
    def call(self, name: Token, bracket: Token, *arguments: Node | None) -> tree.Call:
        """``NAME(argument, …)``."""
        given = tuple(argument for argument in arguments if argument is not None)
        return tree.Call(name.upper(), given, _deeper(bracket, *given))

    @v_args(inline=True)
    def like(self, pattern: Token) -> tree.Like:
        """``LIKE 'pattern'``."""
        return tree.Like(_unquoted(pattern), negated=False)

    @v_args(inline=True)
    def not_like(self, _: Token, pattern: Token) -> tree.Like:
        """``NOT LIKE 'pattern'``."""
        return tree.Like(_unquoted(pattern), negated=True)

    @v_args(inline=True)
    def within(self, bracket: Token, *elements: Node) -> tree.Within:
        """``IN (element, …)``."""
        return tree.Within(elements, negated=False, depth=_deeper(bracket, *elements))

    @v_args(inline=True)
    def not_within(self, _: Token, bracket: Token, *elements: Node) -> tree.Within:
        """``NOT IN (element, …)``."""
        return tree.Within(elements, negated=True, depth=_deeper(bracket, *elements))

    def operand(self, children: list[Node | Link]) -> tree.Chain:
        """An operand and the LIKE and IN behind it."""
        return _chain(children[0], tuple(children[1:]))  # type: ignore[arg-type]  # an operand and its tests

    def logic(self, children: list[Token | Node]) -> tree.Chain:
        """Operands with operators of one precedence between them."""
        return _chain(children[0], _infixes(children))  # type: ignore[arg-type]  # operands and operators by turns

    comparison = logic
    sum = logic
    product = logic


def _chain(first: Node, links: tuple[Link, ...]) -> tree.Chain:
    # Not checked here: between two levels that are, at most one chain of each precedence can stand.
    return tree.Chain(first, links, depth=1 + max(first.depth, *(link.depth for link in links)))


def _infixes(children: list[Token | Node]) -> tuple[tree.Infix, ...]:
    pairs = zip(children[1::2], children[2::2], strict=True)
    return tuple(tree.Infix(operator.upper(), right, right.depth) for operator, right in pairs)  # type: ignore[union-attr, arg-type]


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
