from __future__ import annotations

import pytest

from streams.filters import regex as module
from streams.filters.effort import Effort, Exhausted
from streams.filters.regex import Regex


def test_a_text_that_is_longer_than_may_be_looked_at_is_not_cut() -> None:
    expression = Regex.of("^[a-z]*$")
    with pytest.raises(Exhausted):
        expression.fits("a" * 200_000 + "9", Effort())


@pytest.mark.parametrize("letter", ["a", "ä"])
def test_the_whole_of_what_may_be_looked_at_is(letter: str) -> None:
    expression = Regex.of(f"{letter}9$")
    text = letter * ((expression.reads - 1) // len(letter.encode())) + "9"
    assert expression.fits(text, Effort())
    with pytest.raises(Exhausted):
        expression.fits(letter + text, Effort())


def test_a_compiled_expression_is_not_compiled_again() -> None:
    expression = Regex.of("web-[0-9]+")
    module._compiled.cache_clear()
    assert expression.fits("web-1", Effort())
    assert 0 == module._compiled.cache_info().misses


def test_equal_expressions_are_one() -> None:
    module._compiled.cache_clear()
    first = Regex.of("a+")
    module._compiled.cache_clear()
    assert {first} == {Regex.of("a+")}
