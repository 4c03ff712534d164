from __future__ import annotations

from streams.commands.guide import guide
from streams.commands.verbs import VERBS


def test_all_of_it_is_every_way_to_write_every_verb() -> None:
    assert [line for verb in VERBS.values() for line in verb.usage] == guide(None).code.splitlines()


def test_one_verb_is_explained() -> None:
    told = guide("nuke")
    assert ("nuke <vm> <vm>", True, "person") == (told.code, told.final, told.visible)
    assert told.text.endswith("The name is typed twice.")


def test_an_unknown_one_is_answered_with_those_there_are() -> None:
    assert guide("explode").text.startswith("No verb is called 'explode'. There are help, echo,")
