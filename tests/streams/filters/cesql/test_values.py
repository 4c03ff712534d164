from __future__ import annotations

import pytest

from streams.filters import cesql
from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("007", 7),
        ("-0", 0),
        ("+12", 12),
        ("2147483647", 2**31 - 1),
        ("-2147483648", -(2**31)),
        ("00000000002147483647", 2**31 - 1),
    ],
)
def test_a_string_of_digits_is_an_integer(text: str, expected: int) -> None:
    assert (expected, None) == outcome("INT(x)", x=text)
    assert (True, None) == outcome("IS_INT(x)", x=text)


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1.0", "1e3", "0x1", "1_000", "--1", "+", "2147483648", "-2147483649", "٣", "²", "9" * 5000],
)
def test_any_other_string_is_no_integer(text: str) -> None:
    assert (0, "cast") == outcome("INT(x)", x=text)
    assert (False, None) == outcome("IS_INT(x)", x=text)


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("False", False), ("TRUE", True)])
def test_true_and_false_in_any_case_are_booleans(text: str, expected: bool) -> None:  # noqa: FBT001
    assert (expected, None) == outcome("BOOL(x)", x=text)
    assert (True, None) == outcome("IS_BOOL(x)", x=text)


@pytest.mark.parametrize("text", ["", "1", "yes", " true", "tru\u0435", "\u017false", "true" * 1000])
def test_any_other_string_is_no_boolean(text: str) -> None:
    assert (False, "cast") == outcome("BOOL(x)", x=text)
    assert (False, None) == outcome("IS_BOOL(x)", x=text)


def test_integers_and_booleans_become_each_other_and_strings() -> None:
    assert (True, None) == outcome("BOOL(-3)")
    assert (1, None) == outcome("INT(TRUE)")
    assert ("-3", None) == outcome("STRING(-3)")
    assert ("false", None) == outcome("STRING(FALSE)")


def test_a_message_shows_the_beginning_of_a_long_value() -> None:
    (error,) = cesql.evaluate("INT(x)", {"x": "a" * 1000}).errors
    assert f"'{'a' * 63}'… is no 32-bit Integer" == error.message
