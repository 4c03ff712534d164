from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sinks.vsphere.aim import ByName
from streams.commands.arguments import (
    Answered,
    Doomed,
    Leased,
    Machine,
    New,
    Query,
    Reference,
    Resized,
    Said,
    Sized,
    Topic,
)
from streams.commands.parse import Command, Misuse, parse
from streams.commands.verbs import VERBS

VCENTERS = ("vc1", "vc2")
ID = "0123456789abcdef"
WEB = ByName("web 01")

LINES = st.lists(
    st.sampled_from([*VERBS, "list", "show", "a", "vc1:web", "web 01", "4096", "2", "14d", ID, '"', "'", "\\", "*"])
    | st.text(max_size=12),
    max_size=6,
)
TEXTS = st.text(max_size=200) | LINES.map(" ".join) | LINES.map("\n".join)


def parsed(text: str) -> Command | Misuse:
    return parse(text, VCENTERS)


@pytest.mark.parametrize(
    ("text", "verb", "arguments"),
    [
        ("", "help", Topic()),
        (" \n ", "help", Topic()),
        ("help nuke", "help", Topic("nuke")),
        ("echo", "echo", Said()),
        ("echo it's  me", "echo", Said("it's  me")),
        ("status", "status", Reference()),
        (f"status {ID}", "status", Reference(ID)),
        ("invoke list", "invoke", Query("list")),
        ("invoke list vc1:web*", "invoke", Query("list", ByName("web*", "vc1"))),
        ("invoke\nshow\nweb 01", "invoke", Query("show", WEB)),
        ("invoke alarms", "invoke", Query("alarms")),
        ("invoke events web", "invoke", Query("events", ByName("web"))),
        ("poweron\nweb 01", "poweron", Machine(WEB)),
        ("poweroff 'web 01'", "poweroff", Machine(WEB)),
        ("reboot vc2:web", "reboot", Machine(ByName("web", "vc2"))),
        ("reset web", "reset", Machine(ByName("web"))),
        ("hardreset web", "hardreset", Machine(ByName("web"))),
        ("spawn web small", "spawn", New(ByName("web"), preset="small")),
        ("clone web", "clone", New(ByName("web"))),
        ("clone web small", "clone", New(ByName("web"), preset="small")),
        ("clonetemplate\nweb 01\nUbuntu 24.04", "clonetemplate", New(WEB, "Ubuntu 24.04")),
        ("clonetemplate web t small", "clonetemplate", New(ByName("web"), "t", "small")),
        ("transform\nweb 01\n4096\n2", "transform", Resized(WEB, 4096, 2)),
        ("transform web large", "transform", Sized(ByName("web"), "large")),
        ("lease web 1d12h", "lease", Leased(ByName("web"), 129_600)),
        ("nuke\nweb 01\nweb 01", "nuke", Doomed(WEB)),
        (f"undo {ID}", "undo", Reference(ID)),
        (f"approve {ID}", "approve", Answered(ID)),
        (f"refuse {ID} don't, it's in use", "refuse", Answered(ID, "don't, it's in use")),
        (f"refuse\n{ID}\nnot\ntoday", "refuse", Answered(ID, "not today")),
    ],
)
def test_every_verb_is_understood(text: str, verb: str, arguments: Any) -> None:
    assert Command(verb, arguments) == parsed(text)


def test_every_verb_is_shown_above() -> None:
    marks = test_every_verb_is_understood.pytestmark
    assert set(VERBS) == {case[1] for case in marks[0].args[1]}


def test_a_verb_in_a_name_is_a_name() -> None:
    assert Command("spawn", New(ByName("echo-box"))) == parsed("spawn echo-box")


@pytest.mark.parametrize("name", ['a"b', "a'b", "x' or name='y", "//*[@id]", "$(id)", "*", "%2f", "<@U1>", "vc9:web"])
def test_every_character_of_a_name_is_text(name: str) -> None:
    assert Command("poweron", Machine(ByName(name))) == parsed(f"poweron\n{name}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("powron web", "ERR - No matching command: 'powron'. Did you mean poweron?"),
        ("PowerOn web", "ERR - No matching command: 'PowerOn'. Did you mean poweron?"),
        ("zzz", "ERR - No matching command: 'zzz'. There are help, echo,"),
        ("poweron", "Write `poweron <vm>`."),
        ("poweron a b", "Write `poweron <vm>`."),
        ("poweron web's", "A quote in it is not closed."),
        ("poweron web\nx", "Of several lines the first holds the verb alone."),
        ("poweron ''", "One of the arguments is empty."),
        ("spawn a/b", "has no '/'"),
        (f"spawn {'a' * 81}", "at most 80 characters"),
        ("transform web -4096 2", "'-4096' is not memory in MB"),
        ("transform web +4096 2", "'+4096' is not memory in MB"),
        ("transform web 4096 1.5", "'1.5' is not the number of CPUs"),
        ("transform web 0 2", "'0' is not memory in MB"),
        ("transform web 4097 2", "a multiple of 4 MB"),
        ("transform web 4096 769", "768 at most"),
        ("transform web 99999996 2", "more than any machine has"),
        ("transform web ٤٠٩٦ 2", "is not memory in MB"),
        ("transform web 4096", "of memory and CPUs both are said"),
        ("lease web never", "'never' is no duration"),
        ("lease web 5s", "1h at least"),
        ("nuke web", "The name is typed twice."),
        ("nuke web Web", "The two names are not the same"),
        ("nuke web vc1:web", "The two names are not the same"),
        ("undo 12", "'12' is no id"),
        ("approve", "Write `approve <id> [reason…]`."),
        ("invoke", "no code is run"),
        ("invoke Get-VM | Remove-VM -Confirm:$false", "no code is run"),
        ("invoke\nlist\n*\n; rm -rf /", "no code is run"),
        ("invoke 'x'); Stop-VM *; ('", "no code is run"),
        (f"refuse {ID} {'a' * 241}", "longer than 240"),
        (f"refuse\n{ID}\n" + "a\n" * 21, "more than 20 words"),
        ("echo\n" + f"{'a' * 200}\n" * 2, "longer than 240"),
        ("a" * 4001, "longer than 4000"),
    ],
)
def test_wrong_use_is_answered_with_the_right_one(text: str, told: str) -> None:
    found = parsed(text)
    assert isinstance(found, Misuse)
    assert told in found.text


def test_misuse_says_of_which_verb() -> None:
    assert ["poweron", "poweron", ""] == [parsed(text).verb for text in ("poweron", "poweron a'b", "powron x")]


@given(TEXTS)
@example("\x85")
@example("invoke\n\ud800")
@example('" "')
def test_whatever_is_typed_there_is_an_answer(text: str) -> None:
    found = parsed(text)
    assert isinstance(found, Command) or 0 < len(found.text) <= 3000


@given(TEXTS)
def test_a_command_that_is_written_again_is_the_same(text: str) -> None:
    if isinstance(found := parsed(text), Command):
        assert found == parsed(str(found))


@given(st.sampled_from(sorted(VERBS)), LINES)
def test_the_verb_is_the_first_word_whatever_follows(verb: str, rest: list[str]) -> None:
    found = parsed("\n".join((verb, "x", *rest)))
    assert found.verb in {verb, ""}
    if isinstance(found, Command):
        assert verb == found.verb


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_a_name_is_never_more_than_a_name(name: str) -> None:
    found = parsed(f"poweron\n{name}")
    if isinstance(found, Command) and found.verb == "poweron":
        assert Machine(ByName(name.strip())) == found.arguments or name.partition(":")[0].strip() in VCENTERS
