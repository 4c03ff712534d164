from __future__ import annotations

import pytest

from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'7' = 7", True),
        ("7 = '7'", True),
        ("7 = '07'", False),
        ("'07' = 7", True),
        ("TRUE = 1", True),
        ("2 = TRUE", True),
        ("TRUE = 2", False),
        ("TRUE = 'true'", True),
        ("TRUE != 'True'", True),
        ("'True' <> TRUE", False),
        ("'a' = 'A'", False),
        ("n = 7", True),
        ("7 = n", True),
        ("flag = n", False),
        ("flag = (1 = 1)", True),
    ],
)
def test_equality_casts_its_left_operand_to_the_type_of_the_right_one(expression: str, expected: bool) -> None:  # noqa: FBT001
    assert (expected, None) == outcome(expression, n="7", flag=True)


@pytest.mark.parametrize("operator", ["=", "!=", "<>", "<", "<=", ">", ">="])
def test_a_comparison_with_a_missing_attribute_is_false(operator: str) -> None:
    assert (False, "missingAttribute") == outcome(f"absent {operator} 1")
    assert (False, "missingAttribute") == outcome(f"1 {operator} absent")


@pytest.mark.parametrize("expression", ["'x' = 1", "'x' != 1", "'x' <> TRUE", "'x' < 1", "1 >= 'x'"])
def test_a_comparison_with_what_cannot_be_cast_is_false(expression: str) -> None:
    assert (False, "cast") == outcome(expression)


def test_an_order_compares_integers() -> None:
    assert (True, None) == outcome("'9' < '10' AND 10 <= n AND n > TRUE AND n >= 10", n="10")
