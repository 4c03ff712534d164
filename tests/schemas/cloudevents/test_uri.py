from __future__ import annotations

import pytest

from schemas.cloudevents import uri


@pytest.mark.parametrize("length", [10, 256, 257, 5000])
def test_length_does_not_change_the_answer(length: int) -> None:
    assert uri.is_reference("/" * length)
    assert not uri.is_reference("/" * (length - 1) + " ")


def test_long_strings_do_not_fill_the_cache() -> None:
    uri._is_short_reference.cache_clear()
    uri.is_reference("/" * 256)
    uri.is_reference("/" * 257)

    assert 1 == uri._is_short_reference.cache_info().currsize


@pytest.mark.parametrize("hostile", ["a/", "/", "%41", "a:", "http://a@", "[", "?", "//", ":"])
@pytest.mark.timeout(5)
def test_a_hostile_string_costs_no_more_than_its_length(hostile: str) -> None:
    assert not uri.is_reference(hostile * 100_000 + " ")
    assert not uri.is_absolute(hostile * 100_000 + " ")
