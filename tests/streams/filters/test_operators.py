from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters.compilation import Compilation, Found
from streams.filters.data import compile_data
from streams.filters.operators import compile_leaf

AT = ("match", "data")
NAME = (*AT, "Vm.Name")
DATA_OPERATORS = "anything-but, prefix, suffix, wildcard, equals-ignore-case, numeric, exists, cidr, regex"
PATHS = 'write Vm.Name, Arguments[Key=Tag].Value or Arguments[0].Value; "a.b" for a key with a dot'
TEXT = "write a text, in quotes if it looks like a number or a date"
COMPARISONS = 'write ["=", 5], [">", 0] or [">", 0, "<=", 5]'
RANGE = 'write the lower bound first, and below the upper: [">", 0, "<=", 5]'
RE2 = "write a shorter RE2 expression, without look-around and back-references"
ONE_EACH = "write one for each item; a list of items means any of them"


def of_name(wanted: Any, *below: str | int, what: str, cure: str) -> tuple[dict[str, Any], Found]:
    return {"Vm.Name": wanted}, Found((*NAME, *below), what, cure)


WRONG = [
    ({}, Found(AT, "names no path", "write a path such as Vm.Name and a value, or leave it out")),
    ({"": 1}, Found((*AT, ""), "is empty", PATHS)),
    ({"Vm..Name": 1}, Found((*AT, "Vm..Name"), "is not a path at character 4", PATHS)),
    ({"Arguments[Key]": 1}, Found((*AT, "Arguments[Key]"), "is not a path at character 10", PATHS)),
    of_name([], what="is an empty list", cure="write a value or an operator such as {prefix: web-}"),
    of_name([1] * 1001, what="has more than 1000 alternatives", cure="use prefix, wildcard or several routes"),
    of_name({}, what="has no operator", cure=ONE_EACH),
    of_name({"prefix": "a", "suffix": "b"}, what="has 2 operators", cure=ONE_EACH),
    of_name([["a"]], 0, what="is a list, not a text, number, boolean or null", cure="put it in quotes if it is a text"),
    of_name(
        dt.date(2026, 1, 1),
        what="is a date, not a text, number, boolean or null",
        cure="put it in quotes if it is a text",
    ),
    of_name(float("nan"), what="is not a finite number", cure="write a number that fits into a double"),
    of_name(10**400, what="is not a finite number", cure="write a number that fits into a double"),
    of_name(
        -(2**63) - 1,
        what="is an integer beyond 64 bits",
        cure="write it with a decimal point: -9.223372036854776e+18",
    ),
    of_name(
        {"anything-but": [1, 2**64]},
        *("anything-but", 1),
        what="is an integer beyond 64 bits",
        cure="write it with a decimal point: 1.8446744073709552e+19",
    ),
    of_name(
        {"numeric": ["<", 10**20]},
        *("numeric", 1),
        what="is an integer beyond 64 bits",
        cure="write it with a decimal point: 1e+20",
    ),
    of_name({"startswith": "a"}, "startswith", what="is no operator", cure=f"use one of {DATA_OPERATORS}"),
    of_name([1, {"shellstyle": "a*"}], 1, "shellstyle", what="is no operator", cure=f"use one of {DATA_OPERATORS}"),
    of_name({"prefix": 5}, "prefix", what="is not a text", cure=TEXT),
    of_name(
        {"suffix": {"wildcard": "a"}},
        "suffix",
        what="is neither a text nor {equals-ignore-case: text}",
        cure="write one of them",
    ),
    of_name(
        {"prefix": {"equals-ignore-case": 1}},
        *("prefix", "equals-ignore-case"),
        what="is not a text",
        cure=TEXT,
    ),
    of_name({"equals-ignore-case": None}, "equals-ignore-case", what="is not a text", cure=TEXT),
    of_name(
        {"wildcard": "a**b"},
        "wildcard",
        what="has two stars side by side",
        cure="write one; it stands for any text, also none",
    ),
    of_name(
        {"wildcard": r"a\b"},
        "wildcard",
        what=r"has a backslash before something else than * and \ ",
        cure=r"escape it: \* for a star, \\ for a backslash",
    ),
    of_name({"numeric": 5}, "numeric", what="is not one or two comparisons", cure=COMPARISONS),
    of_name({"numeric": [">", 0, "<"]}, "numeric", what="is not one or two comparisons", cure=COMPARISONS),
    of_name({"numeric": ["==", 5]}, "numeric", 0, what="is no comparison", cure="write one of <, <=, =, >=, >"),
    of_name({"numeric": [">", "5"]}, "numeric", 1, what="is not a number", cure="write a number, without quotes"),
    of_name({"numeric": ["<", 5, ">", 0]}, "numeric", what="is no range", cure=RANGE),
    of_name({"numeric": [">", 5, "<", 5]}, "numeric", what="is no range", cure=RANGE),
    of_name({"exists": "true"}, "exists", what="is neither true nor false", cure="write one of them"),
    of_name({"cidr": "10.0.0.0"}, "cidr", what="is not a network", cure="write 10.0.0.0/8 or 2001:db8::/32"),
    of_name({"cidr": "10.0.0.0/33"}, "cidr", what="is not a network", cure="write 10.0.0.0/8 or 2001:db8::/32"),
    of_name({"regex": "("}, "regex", what="is not a regular expression: missing ): (", cure=RE2),
    of_name(
        {"regex": "(?=a)"},
        "regex",
        what="is not a regular expression: invalid perl operator: (?=",
        cure=RE2,
    ),
    of_name({"regex": "a" * 513}, "regex", what="is longer than 512 characters", cure=RE2),
    of_name({"regex": "[ab]{600}"}, "regex", what="compiles to 604 instructions, and 500 are allowed", cure=RE2),
    of_name(
        {"anything-but": []},
        "anything-but",
        what="is an empty list",
        cure="write what it must not be, or {exists: true}",
    ),
    of_name(
        {"anything-but": [None, 5, "5"]},
        "anything-but",
        what="mixes texts and numbers",
        cure='write 5 or "5" as the events have it; two conditions below all for both',
    ),
    of_name(
        {"anything-but": {"numeric": [">", 0]}},
        "anything-but",
        what="is no operator that can be excluded",
        cure="write one of prefix, suffix, equals-ignore-case, wildcard, regex",
    ),
    of_name(
        {"anything-but": {"prefix": ["a", ""]}},
        *("anything-but", "prefix", 1),
        what="is empty",
        cure="write at least one character",
    ),
]


@pytest.mark.parametrize(("given", "found"), WRONG, ids=lambda value: str(value)[:40])
def test_a_fault_names_the_place_what_is_wrong_and_the_cure(given: dict[str, Any], found: Found) -> None:
    compilation = Compilation()
    compile_data(given, AT, compilation)
    assert [found] == compilation.found


def test_all_faults_are_told_at_once() -> None:
    compilation = Compilation()
    assert None is compile_leaf([{"exists": 1}, {"cidr": 2}, {}], AT, compilation)
    assert [(*AT, 0, "exists"), (*AT, 1, "cidr"), (*AT, 2)] == [found.at for found in compilation.found]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.binary(max_size=2)
    | st.text(alphabet="a*\\/[(<", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*DATA_OPERATORS.split(", "), "shellstyle", ""]) | st.integers(), inner, max_size=2
        )
    ),
)


@given(ANYTHING, st.sampled_from(["data", "eventbridge"]))
def test_whatever_is_written_is_a_leaf_or_a_fault(given: Any, language: Any) -> None:
    compilation = Compilation()
    leaf = compile_leaf(given, AT, compilation, language)
    assert (leaf is None) == bool(compilation.found)
