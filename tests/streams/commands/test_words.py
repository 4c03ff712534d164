from __future__ import annotations

import pytest

from streams.commands import words
from streams.commands.words import Wrong


def test_every_line_that_is_not_blank_is_a_word() -> None:
    assert ["poweron", "web 01"] == words.lines("\npoweron\r\n\n  web 01 \n")


def test_one_line_is_read_as_a_shell_reads_it() -> None:
    assert ["poweron", "web 01", "it's", "a b"] == words.shell("""poweron "web 01" "it's" a\\ b""")


def test_a_shell_s_other_characters_are_text() -> None:
    assert ["a;b", "$HOME", "#x", "*", "`id`"] == words.shell("a;b $HOME #x * `id`")


@pytest.mark.parametrize("line", ["poweron web's", 'poweron "web', "poweron web\\"])
def test_a_quote_that_is_not_closed_is_told(line: str) -> None:
    with pytest.raises(Wrong, match="quote in it is not closed"):
        words.shell(line)


@pytest.mark.parametrize("char", ["\0", "\x1b", "\u2028", "\u202e", "\ud800", "\x85"])
def test_characters_that_nobody_sees_are_refused(char: str) -> None:
    with pytest.raises(Wrong, match="control character"):
        words.lines(f"poweron web{char}1")


def test_a_text_is_bounded() -> None:
    assert ["a" * words.LONGEST_TEXT] == words.lines("a" * words.LONGEST_TEXT)
    with pytest.raises(Wrong, match="longer than 4000"):
        words.lines("a" * (words.LONGEST_TEXT + 1))


def test_words_are_bounded_in_number_and_length() -> None:
    longest = ["a" * words.LONGEST_WORD] * words.MOST_WORDS
    assert longest == words.bounded(longest)
    for wrong in ([*longest, "a"], ["a" * (words.LONGEST_WORD + 1)], ["a", ""]):
        with pytest.raises(Wrong):
            words.bounded(wrong)


def test_the_rest_of_a_line_is_kept_as_it_is() -> None:
    assert ["refuse", "12", "don't  do it"] == words.head("refuse 12   don't  do it", 2)
