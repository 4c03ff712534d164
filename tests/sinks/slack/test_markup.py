from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.slack.markup import clean, cut, escaped, escaped_width, fenced, fenced_width, pieces, width
from tests.support.chat.rules import units

TEXTS = st.text(alphabet=st.sampled_from("ab &<>`\n\N{GRINNING FACE}é"), max_size=300)
MEASURES = st.sampled_from([width, escaped_width, fenced_width])


def test_control_characters_of_slack_are_escaped() -> None:
    assert "&lt;!channel&gt; &amp;amp; &lt;@U1&gt;" == escaped("<!channel> &amp; <@U1>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\tc", "a\nb\tc"),
        ("a\x00b\x1b[0mc\x7f", "ab[0mc"),
        ("safe\N{RIGHT-TO-LEFT OVERRIDE}exe", "safeexe"),
        ("\ud800half", "half"),
        ("é \N{GRINNING FACE}", "é \N{GRINNING FACE}"),
    ],
)
def test_what_cannot_be_seen_is_left_out(text: str, expected: str) -> None:
    assert expected == clean(text)


@given(TEXTS)
def test_no_backticks_end_a_fixed_width_block(text: str) -> None:
    block = fenced(text)

    assert (block.startswith("```\n"), block.endswith("\n```")) == (True, True)
    assert "``" not in block[3:-3]
    assert escaped(text) == block[4:-4].replace("\N{ZERO WIDTH SPACE}", "")


@given(TEXTS)
def test_measures_are_not_exceeded(text: str) -> None:
    assert units(text) == sum(map(width, text))
    assert units(escaped(text)) == sum(map(escaped_width, text))
    assert units(fenced(text)) <= 8 + sum(map(fenced_width, text))


@given(TEXTS, st.integers(5, 40), MEASURES)
def test_pieces_fit_and_together_are_the_text(text: str, room: int, measure: object) -> None:
    assert callable(measure)
    found = pieces(text, room, measure)

    assert all(sum(map(measure, piece)) <= room and piece.strip() for piece in found)
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(found))


def test_pieces_are_parted_between_lines() -> None:
    assert ["one\ntwo", "three", "four is lo", "ng"] == pieces("one\ntwo\nthree\nfour is long", 10)


@given(TEXTS, st.integers(5, 40), MEASURES)
def test_what_is_cut_fits_and_says_so(text: str, room: int, measure: object) -> None:
    assert callable(measure)
    found = cut(text, room, measure)

    assert sum(map(measure, found)) <= room
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))
