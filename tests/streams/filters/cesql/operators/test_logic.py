from __future__ import annotations

import pytest

from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    "expression", ["FALSE AND 1 / 0 = 1", "FALSE AND absent", "NOT (TRUE OR 1 / 0 = 1)", "NOT (TRUE OR absent)"]
)
def test_and_and_or_leave_the_right_operand_alone_when_the_left_one_decides(expression: str) -> None:
    assert (False, None) == outcome(expression)


@pytest.mark.parametrize(
    "expression",
    ["TRUE AND absent", "FALSE OR absent", "absent OR TRUE", "absent AND FALSE", "TRUE XOR absent", "NOT absent"],
)
def test_a_missing_attribute_makes_a_logical_operation_false(expression: str) -> None:
    assert (False, "missingAttribute") == outcome(expression)


def test_operands_are_cast_to_boolean() -> None:
    assert (True, None) == outcome("'True' AND 7 AND NOT 0 AND flag", flag="TRUE")
    assert (False, "cast") == outcome("TRUE AND 'yes'")
    assert (False, "cast") == outcome("NOT 'yes'")


def test_xor_is_true_when_one_of_two_is() -> None:
    assert (True, None) == outcome("1 XOR FALSE")
    assert (False, None) == outcome("1 XOR 'true'")
