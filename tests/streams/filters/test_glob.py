from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters.glob import LONGEST, Glob

TEXTS = st.text("ab*\\", max_size=12)


def naive(pattern: str, text: str) -> bool:
    """The same by a regular expression."""
    expression = re.sub(r"\\(.)|(\*)|([^\\*])", lambda m: ".*" if m[2] else re.escape(m[1] or m[3]), pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


@given(st.lists(st.sampled_from(["a", "b", "ab", "*", r"\*", r"\\"]), max_size=8).map("".join), TEXTS)
def test_a_star_stands_for_any_text_and_everything_else_for_itself(pattern: str, text: str) -> None:
    glob = Glob.of(pattern)
    assert naive(pattern, text) == (text == glob if isinstance(glob, str) else glob.matches(text))


@pytest.mark.parametrize("pattern", ["Vm*Event", r"a\*b*", "**", r"*\\"])
def test_its_text_means_the_same(pattern: str) -> None:
    assert Glob.of(pattern) == Glob.of(str(Glob.of(pattern)))


def test_a_text_without_a_star_is_that_text() -> None:
    assert ("VmEvent", "a*b") == (Glob.of("VmEvent"), Glob.of(r"a\*b"))


@pytest.mark.parametrize("pattern", [r"a\b*", "a*\\", "*" * (LONGEST + 1)])
def test_what_has_no_meaning_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"backslash|longer"):
        Glob.of(pattern)


def test_many_stars_look_at_a_long_text_once() -> None:
    """Each part is looked for behind the one before: no text makes it try again."""
    glob = Glob.of("*a" * 1000 + "*b")
    assert isinstance(glob, Glob)
    assert not glob.matches("a" * 1_000_000)
