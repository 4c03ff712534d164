from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters import cesql
from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("LENGTH('Zürich 😀')", 8),
        ("LENGTH(1234)", 4),
        ("CONCAT()", ""),
        ("CONCAT('vm-', 42, '/', TRUE)", "vm-42/true"),
        ("CONCAT_WS('/')", ""),
        ("CONCAT_WS('/', 'a')", "a"),
        ("CONCAT_WS(0, 'a', '', 'b')", "a00b"),
        ("LOWER('Ärger ΑΣ')", "ärger ας"),
        ("UPPER('straße')", "STRASSE"),
        ("ABS('-7')", 7),
        ("ABS(-2147483647)", 2147483647),
        ("LEFT('esx01', 3)", "esx"),
        ("LEFT('esx01', 0)", ""),
        ("LEFT('esx01', 2147483647)", "esx01"),
        ("RIGHT('esx01', 2)", "01"),
        ("RIGHT('esx01', 0)", ""),
        ("RIGHT('esx01', 9)", "esx01"),
        ("SUBSTRING('esx01', 4)", "01"),
        ("SUBSTRING('esx01', 5)", "1"),
        ("SUBSTRING('esx01', -5)", "esx01"),
        ("SUBSTRING('esx01', 2, 0)", ""),
        ("SUBSTRING('esx01', -2, 1)", "0"),
        ("SUBSTRING('esx01', 4, 2147483647)", "01"),
        ("SUBSTRING('', 0)", ""),
        ("SUBSTRING(12345, '2', 2)", "23"),
    ],
)
def test_built_in_functions(expression: str, expected: str | int) -> None:
    assert (expected, None) == outcome(expression)


def test_trim_takes_the_white_space_of_unicode_and_nothing_else() -> None:
    assert ("\x1ca\u200b", None) == outcome("TRIM(x)", x="\u3000\t \x1ca\u200b\x85\u2028\n")


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("LEFT('esx01', -1)", "esx01", "functionEvaluation"),
        ("RIGHT('esx01', -1)", "esx01", "functionEvaluation"),
        ("SUBSTRING('esx01', 6)", "", "functionEvaluation"),
        ("SUBSTRING('esx01', -6)", "", "functionEvaluation"),
        ("SUBSTRING('', 1)", "", "functionEvaluation"),
        ("SUBSTRING('esx01', 1, -1)", "", "functionEvaluation"),
        ("SUBSTRING('esx01', 0, -1)", "", "functionEvaluation"),
        ("ABS(-2147483647 - 1)", 2147483647, "math"),
        ("LEFT('esx01', 'two')", "", "cast"),
        ("LENGTH(absent)", 0, "missingAttribute"),
        ("CONCAT('a', absent)", "", "missingAttribute"),
        ("IS_INT(absent)", False, "missingAttribute"),
    ],
)
def test_a_function_that_fails_has_a_value_all_the_same(expression: str, value: str | int, kind: str) -> None:
    assert (value, kind) == outcome(expression)


@pytest.mark.parametrize("expression", ["CONCAT_WS()", "LENGTH()", "LENGTH('a', 'b')", "SUBSTRING('a')", "LEN('a')"])
def test_a_call_that_no_function_takes_is_false(expression: str) -> None:
    assert (False, "missingFunction") == outcome(expression)


def test_the_arguments_of_an_unknown_function_are_not_evaluated() -> None:
    (error,) = cesql.evaluate("REGEX(1 / 0)", {}).errors
    assert (error.kind, error.message) == ("missingFunction", "there is no function REGEX")
    (error,) = cesql.evaluate("LENGTH(1, 2)", {}).errors
    assert error.message == "LENGTH does not take 2 arguments"


@given(st.text(max_size=8), st.integers(1, 9))
def test_left_and_the_substring_behind_it_make_up_the_string(text: str, count: int) -> None:
    rest = "SUBSTRING(x, n + 1)" if count < len(text) else "''"
    assert (text, None) == outcome(f"CONCAT(LEFT(x, n), {rest})", x=text, n=count)
    assert (text[-count:], None) == outcome("RIGHT(x, n)", x=text, n=count)
