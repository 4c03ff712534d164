"""A command of a command line is what the role hears: of the same words, by the same person, under the same id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ops.commands import given as giving
from schemas.errors import Refused
from schemas.keys import keyring
from schemas.principal import Principal, Unverified
from streams.commanding.call import heard
from streams.commands.arguments import Said
from streams.commands.parse import Command, Misuse, parse
from tests.ops.commands.giving import NOW, RING, commands, configuration, given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import CommandsConfig
    from schemas.keys import Key

WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30), max_size=4
)


def rings(_type: str, _source: str) -> Sequence[Key]:
    return RING


def test_the_role_hears_the_person_and_the_words() -> None:
    call = heard(given("transform", "web 01", "large", dry_run=True).event, rings)
    assert call is not None
    assert ("transform\nweb 01\nlarge", "cli/anna", True, "") == (call.text, call.way, call.dry_run, call.channel)
    assert Principal(team="", user="anna", channel="", verified="cli", time=int(NOW)) == call.principal


def test_the_id_is_the_one_that_the_role_gives_it() -> None:
    made = given("poweron", "web01")
    call = heard(made.event, rings)
    assert call is not None
    assert call.id("poweron") == made.id


def test_two_commands_of_the_same_words_are_two() -> None:
    assert given("poweron", "web01").id != given("poweron", "web01").id


def test_commands_of_one_user_stay_in_order() -> None:
    event = given("poweron", "web01").event
    assert ("cli/anna", "/dc.operator", "poweron") == (event.extensions["partitionkey"], event.source, event.subject)


def test_another_key_is_not_ours() -> None:
    with pytest.raises(Unverified):
        heard(given("echo").event, lambda _type, _source: keyring([b"e" * 44]))


@drawn(WORDS)
def test_each_word_of_the_shell_stays_one(words: list[str]) -> None:
    """Quotes and backslashes, which the shell has dealt with, are characters like others."""
    read = giving.read(configuration(), "echo", words)
    assert Command("echo", Said(" ".join(words))) == read
    if words:
        call = heard(given("echo", *words).event, rings)
        assert call is not None
        assert read == parse(call.text, ())


@pytest.mark.parametrize(
    ("verb", "words", "why"),
    [
        ("poweron", [], "poweron is not written like this. Write `poweron <vm>`."),
        ("nuke", ["a", "b"], "The two names are not the same: nothing is done."),
        ("nuke", ["a", "", "a"], "One of the arguments is empty."),
        ("nuke", ["a\na"], "One of the arguments has more than one line."),
        ("echo", ["x" * 4000], "This is longer than 4000 characters."),
    ],
)
def test_wrong_use_is_told_before_anybody_is_asked(verb: str, words: list[str], why: str) -> None:
    read = giving.read(configuration(), verb, words)
    assert isinstance(read, Misuse)
    assert why in read.text


def test_the_machine_is_known_where_there_is_one() -> None:
    assert ["web01", "", ""] == [given("poweron", "web01").vm, given("help").vm, given("invoke", "list").vm]


@pytest.mark.parametrize(("section", "named"), [(None, "commands:"), (commands(), "commands.key_file")])
def test_what_is_missing_is_named(section: CommandsConfig | None, named: str) -> None:
    with pytest.raises(Refused) as refused:
        giving.keys(configuration(section))
    assert named in (refused.value.cure or "")
