from __future__ import annotations

import pytest

from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'7' IN (1, 7)", True),
        ("'07' IN (1, 7)", False),
        ("7 IN ('1', '07')", True),
        ("'TRUE' IN (TRUE)", False),
        ("TRUE IN ('TRUE')", True),
        ("n IN (1, subject, 'b')", True),
        ("subject IN ('a', n, 'b')", True),
        ("subject NOT IN ('a', 'b')", True),
        ("n NOT IN ('a', n)", False),
    ],
)
def test_elements_are_cast_to_the_type_of_the_left_operand(expression: str, expected: bool) -> None:  # noqa: FBT001
    assert (expected, None) == outcome(expression, n="7", subject="7")


@pytest.mark.parametrize("elements", ["1, 'x', 2", "one, 'x', 2", "1, absent, 2"])
def test_elements_behind_an_equal_one_are_not_looked_at(elements: str) -> None:
    kind = "missingAttribute" if "absent" in elements else "cast"
    assert (True, None) == outcome(f"1 IN ({elements})", one=1)
    assert (False, None) == outcome(f"1 NOT IN ({elements})", one=1)
    assert (False, kind) == outcome(f"2 IN ({elements})", one=1)
    assert (False, kind) == outcome(f"2 NOT IN ({elements})", one=1)


def test_nothing_is_in_a_set_when_it_is_missing() -> None:
    assert (False, "missingAttribute") == outcome("absent IN ('')")
    assert (False, "missingAttribute") == outcome("absent NOT IN ('a')")


def test_zero_and_false_are_different_strings_but_equal_integers() -> None:
    assert (True, None) == outcome("0 IN (FALSE)")
    assert (False, None) == outcome("'0' IN (FALSE)")
