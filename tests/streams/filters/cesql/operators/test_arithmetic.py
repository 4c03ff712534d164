from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.streams.filters.cesql.outcome import outcome

integers = st.integers(-(2**31), 2**31 - 1)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("-7 / 2", -3), ("7 / -2", -3), ("-7 / -2", 3), ("-7 % 2", -1), ("7 % -2", 1), ("-7 % -2", -1), ("0 / -3", 0)],
)
def test_division_rounds_toward_zero_and_a_remainder_has_the_sign_of_the_dividend(
    expression: str, expected: int
) -> None:
    assert (expected, None) == outcome(expression)


@given(integers, integers.filter(bool))
def test_quotient_and_remainder_make_up_the_dividend(dividend: int, divisor: int) -> None:
    if (dividend, divisor) == (-(2**31), -1):
        assert (0, "math") == outcome("a / b", a=dividend, b=divisor)
    else:
        assert (True, None) == outcome("a / b * b + a % b = a", a=dividend, b=divisor)


@pytest.mark.parametrize("expression", ["1 / 0", "1 % 0", "1 / '0'", "1 % FALSE"])
def test_division_by_zero_is_a_math_error(expression: str) -> None:
    assert (0, "math") == outcome(expression)


@pytest.mark.parametrize(
    "expression", ["2147483647 + 1", "-2147483648 - 1", "65536 * 65536", "-(-2147483648)", "-2147483648 / -1"]
)
def test_a_result_beyond_32_bits_is_a_math_error(expression: str) -> None:
    assert (0, "math") == outcome(expression)


@pytest.mark.parametrize("expression", ["absent / 0", "0 % absent", "-absent", "absent * absent"])
def test_a_missing_attribute_is_no_zero(expression: str) -> None:
    assert (0, "missingAttribute") == outcome(expression)


def test_operands_are_cast_to_integer() -> None:
    assert (12, None) == outcome("'5' + TRUE + n", n="6")
    assert (0, "cast") == outcome("1 + 'one'")
    assert (0, "cast") == outcome("'one' + 1")
