from __future__ import annotations

from tests.streams.filters.cesql.outcome import outcome


def test_required_attributes_always_exist() -> None:
    assert (True, None) == outcome("EXISTS id AND EXISTS source AND EXISTS type AND EXISTS specversion")


def test_other_attributes_exist_when_the_event_has_them_even_empty() -> None:
    assert (True, None) == outcome("EXISTS a AND NOT EXISTS b", a="")


def test_a_chain_of_thousands_of_operators_is_no_deeper_than_one() -> None:
    assert (8001, None) == outcome("1" + " + n" * 8000, n="1")
    assert (True, None) == outcome(" OR ".join(f"id = '{n}'" for n in range(4000)), id="3999")
    assert (True, None) == outcome("TRUE" + " LIKE 'true'" * 4000)
