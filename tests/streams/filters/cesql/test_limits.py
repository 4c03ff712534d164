from __future__ import annotations

import sys

import pytest

from streams.filters import cesql
from streams.filters.cesql.limits import MAX_DEPTH, MAX_LENGTH, MAX_STEPS

NESTS = [
    ("(", ")"),
    ("NOT ", ""),
    ("- ", ""),
    ("1 IN (1, ", ")"),
    ("UPPER(", ")"),
    ("-(1 + ", ")"),
    ("(a OR 1 = 1 + 1 * - LENGTH(CONCAT('a', ", ")) LIKE 'x')"),
]


def refused(text: str) -> str:
    with pytest.raises(cesql.ParseError) as caught:
        cesql.compile(text)
    return caught.value.message


@pytest.mark.parametrize(("begin", "end"), NESTS)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1000, 6000])
def test_nesting_beyond_the_limit_is_a_parse_error(begin: str, end: str, depth: int) -> None:
    text = f"{begin * depth}a{end * depth}"
    assert "nested deeper than 100 levels" in refused(text) or len(text) > MAX_LENGTH


def test_a_chain_inside_parentheses_is_a_level_of_its_own() -> None:
    levels = 3  # the parentheses, the sum, the product
    fits = (MAX_DEPTH - 1) // levels
    assert cesql.compile("(1 + 1 * " * fits + "1" + ")" * fits).evaluate({}).value == fits + 1
    assert "nested deeper" in refused("(1 + 1 * " * (fits + 1) + "1" + ")" * (fits + 1))


@pytest.mark.parametrize(("begin", "end"), NESTS)
def test_what_is_within_the_limit_is_evaluated_with_a_small_stack(begin: str, end: str) -> None:
    deepest = max(depth for depth in range(MAX_DEPTH) if _compiles(f"{begin * depth}a{end * depth}"))
    expression = cesql.compile(f"{begin * deepest}a{end * deepest}")

    assert deepest >= MAX_DEPTH // 10
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_stack() + 4 * MAX_DEPTH)
    try:
        assert expression.evaluate({"a": "false"}) is not None
    finally:
        sys.setrecursionlimit(limit)


def _compiles(text: str) -> bool:
    try:
        cesql.compile(text)
    except cesql.ParseError:
        return False
    return True


def _stack() -> int:
    frame, depth = sys._getframe(), 0
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    return depth


def test_a_text_that_is_too_long_is_not_looked_at() -> None:
    assert refused("(" * (MAX_LENGTH + 1)) == (
        "line 1, column 1: the expression has 65,537 characters, at most 65,536 are allowed"
    )
    assert cesql.compile(f"'{'x' * (MAX_LENGTH - 2)}'").evaluate({}).value == "x" * (MAX_LENGTH - 2)


def test_an_unclosed_nest_of_the_longest_size_is_refused_as_any_other() -> None:
    assert "found the end of the expression" in refused("(" * MAX_LENGTH)
    assert "found a string without its closing '" in refused("'" + "\\'" * (MAX_LENGTH // 2 - 1))


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["a"] * (MAX_STEPS // 2)),
        " OR ".join(["a='x'"] * 7000),
        " OR ".join(["a LIKE '%b_c%'"] * 3400),
        "CONCAT_WS(a, " + ", ".join(["a"] * 5000) + ")",
        "LOWER(" * 90 + "CONCAT(" + ",".join(["a"] * 80) + ")" + ")" * 90,
        "a IN (" + ",".join(["b"] * (MAX_STEPS // 4)) + ")",
    ],
)
def test_the_costliest_expressions_stay_within_the_steps(text: str) -> None:
    """A step takes some 0.3 µs at most on an ordinary event, so MAX_STEPS of them take less than 10 ms."""
    assert MAX_STEPS // 8 < cesql.compile(text).steps <= MAX_STEPS


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["a"] * (MAX_STEPS // 2 + 1)),
        "CONCAT(" + ",".join(["a"] * 20_000) + ")",
        "LOWER(" * 90 + "CONCAT(" + ",".join(["a"] * 1000) + ")" + ")" * 90,
        "LOWER(" * 90 + f"'{'x' * 60_000}'" + ")" * 90,
        f"CONCAT_WS('{'x' * 30_000}', " + ",".join(["a"] * 10_000) + ")",
    ],
)
def test_what_would_take_more_steps_is_a_parse_error(text: str) -> None:
    assert "an evaluation would take more than 32,768 steps" in refused(text)


def test_text_is_copied_in_proportion_to_the_steps_only() -> None:
    expression = cesql.compile("CONCAT_WS(a, " + ", ".join(["a"] * 5000) + ")")
    value = expression.evaluate({"a": "x" * 100}).value
    assert len(str(value)) <= expression.steps * 100


def test_a_set_of_literals_is_one_step_however_large() -> None:
    elements = ", ".join(f"'id-{n}'" for n in range(5000))
    expression = cesql.compile(f"id IN ({elements})")
    assert expression.steps == 2
    assert expression.matches({"id": "id-4999"})
