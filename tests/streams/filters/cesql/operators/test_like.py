from __future__ import annotations

import pytest

from tests.streams.filters.cesql.outcome import outcome


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("subject LIKE 'VmPoweredOffEvent'", True),
        ("subject LIKE 'vm%'", False),
        ("subject LIKE '%'", True),
        ("subject LIKE 'Vm%Event'", True),
        ("subject LIKE '%Powered___Event'", True),
        ("subject LIKE 'Vm_'", False),
        ("subject NOT LIKE 'Vm%'", False),
        ("'' LIKE '%'", True),
        ("'' LIKE '_'", False),
        ("'ab' LIKE 'ab%ab'", False),
        ("'xab' LIKE '%ab%b%'", False),
        ("'xabb' LIKE '%ab%b%'", True),
        ("'xa' LIKE '%a_%'", False),
        ("'xab' LIKE '%a_%b'", False),
        ("'xacb' LIKE '%a_%b'", True),
        ("'ab' LIKE '%_a%'", False),
        (r"'100%' LIKE '100\%'", True),
        (r"'1000' LIKE '100\%'", False),
        (r"'a_b' LIKE 'a\_b'", True),
        (r"'axb' LIKE 'a\_b'", False),
        (r"'a\\b' LIKE 'a\\b'", True),
        (r"'it\'s' LIKE 'it\'_'", True),
        ("-12 LIKE '-1_'", True),
        ("(1 = 1) LIKE 'tr__'", True),
    ],
)
def test_like_matches_the_whole_string(expression: str, expected: bool) -> None:  # noqa: FBT001
    assert (expected, None) == outcome(expression, subject="VmPoweredOffEvent")


def test_a_missing_attribute_is_neither_like_nor_unlike() -> None:
    assert (False, "missingAttribute") == outcome("absent LIKE '%'")
    assert (False, "missingAttribute") == outcome("absent NOT LIKE 'a'")
