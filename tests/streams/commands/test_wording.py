from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.vsphere.target import BY_NAME
from schemas.commands.reply import LONGEST
from schemas.config import redact
from streams.commands.facts import Facts
from streams.commands.verbs import VERBS
from streams.commands.wording import ABSENT, Step, Wording, answer, reply

ID = "0123456789abcdef"
STEPS = get_args(Step)


def facts(verb: str = "poweron", **more: object) -> Facts:
    return Facts(verb=verb, id=ID, vm="web 01", **more)


def test_a_command_is_acknowledged_as_the_seed_did() -> None:
    assert Wording("ACK - Processing Command", "poweron web 01") == reply("acknowledged", facts(said="poweron web 01"))


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("spawn", "VM web 01 Created successfully. It is powered off. Its lease ends T; `lease` extends it."),
        ("clone", "VM web 01 cloned from golden successfully. Its lease ends T; `lease` extends it."),
        ("clonetemplate", "VM web 01 cloned from template golden successfully. Its lease ends T; `lease` extends it."),
        ("poweron", "VM web 01 started successfully"),
        ("poweroff", "VM web 01 stopped successfully"),
        ("reboot", "VM web 01 restarted successfully"),
        ("reset", "VM web 01 restarted successfully"),
        ("hardreset", "VM web 01 reset successfully"),
        ("transform", "VM web 01 modified successfully"),
        ("lease", "VM web 01 modified successfully. Its lease ends T; `lease` extends it."),
        ("nuke", f"VM web 01 deleted successfully: it is in quarantine until T, and `undo {ID}` brings it back."),
        ("undo", "VM web 01: what was done is taken back."),
    ],
)
def test_success_is_told_to_all_in_the_seed_s_words(verb: str, told: str) -> None:
    assert Wording(told, "", final=True, visible="channel") == reply(
        "succeeded", facts(verb, source="golden", until="T")
    )


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS.values() if verb.what not in {"talk", "answer"}])
@pytest.mark.parametrize("step", [step for step in STEPS if step != "succeeded"])
def test_nothing_is_a_success_before_it_is_one(step: Step, verb: str) -> None:
    told = reply(step, facts(verb, reason="because", changes=("power it on",), percent=100, until="T"))
    assert not any(word in told.text for word in ("successfully", "is done", "taken back"))


def test_nothing_to_do_is_told_as_that() -> None:
    told = reply("succeeded", facts(changes=()))
    assert ("VM web 01: nothing was changed, it is as poweron wants it already.", True) == (told.text, told.final)


ENDS: tuple[tuple[Step, bool, str], ...] = (
    ("acknowledged", False, "person"),
    ("parked", False, "channel"),
    ("approved", False, "person"),
    ("started", False, "person"),
    ("progress", False, "person"),
    ("planned", True, "person"),
    ("refused", True, "person"),
    ("succeeded", True, "channel"),
    ("failed", True, "channel"),
    ("unknown", True, "channel"),
)


def test_each_step_is_an_end_or_not_and_for_one_or_all() -> None:
    assert set(ENDS) == {(step, (told := reply(step, facts())).final, told.visible) for step in STEPS}


def test_what_waits_says_for_what_and_how_it_is_answered() -> None:
    told = reply("parked", facts("poweroff", reason="power-off needs approval", until="2027-01-15T08:00:00Z"))
    assert "VM web 01: poweroff waits for the yes of another person until 2027-01-15T08:00:00Z" in told.text
    assert f"approve {ID}\nrefuse {ID}" == told.code


@pytest.mark.parametrize(
    ("step", "more", "told"),
    [
        ("refused", {"reason": "too soon", "rule": "cool-down"}, "Could not perform operation: too soon (cool-down)"),
        ("refused", {"approver": "ben"}, "Could not perform operation: ben says no: it was refused"),
        (
            "refused",
            {"reason": f"{ABSENT}'web 01' in vc1", "rule": "target"},
            "Could not perform operation: VM web 01 does not exist",
        ),
        (
            "failed",
            {"reason": "VM web 01 Already Exists: choose another name"},
            "Could not perform operation: VM web 01 Already Exists: choose another name",
        ),
        ("failed", {}, "Could not perform operation: the vCenter does not say why"),
        (
            "unknown",
            {"reason": "no answer"},
            "VM web 01: nobody can tell whether poweron was done: no answer. Look at it before you try again.",
        ),
        ("approved", {"approver": "ben"}, "VM web 01: poweron was approved by ben."),
        ("progress", {"percent": 40}, "VM web 01: poweron is under way, 40 % of it done."),
        ("progress", {}, "VM web 01: poweron is under way."),
        ("planned", {"changes": ()}, "VM web 01: poweron would change nothing. This was a dry run."),
    ],
)
def test_each_step_in_words(step: Step, more: dict[str, object], told: str) -> None:
    assert told == reply(step, facts(**more)).text


def test_a_plan_shows_each_change() -> None:
    assert "a\nb" == reply("planned", facts(changes=("a", "b"))).code


def test_what_names_no_machine_is_told_by_its_id() -> None:
    assert f"Command {ID}: undo has begun." == reply("started", Facts(verb="undo", id=ID)).text


def test_a_search_without_a_find_is_told_in_these_words() -> None:
    assert f"no virtual machine {BY_NAME.one} " == ABSENT


def test_an_answer_ends_it() -> None:
    assert Wording("hello", "x", final=True) == answer("hello", "x")


def test_secrets_are_blanked_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact, "_MEMORY", redact._Memory())
    redact.remember("hunter2-of-vc1", owner="test")
    told = reply("failed", facts(reason="login hunter2-of-vc1 was refused"))
    shown = reply("acknowledged", facts(said="echo hunter2-of-vc1"))
    assert "hunter2" not in f"{told} {shown} {answer('hunter2-of-vc1')}"


@pytest.mark.parametrize("step", STEPS)
def test_what_is_too_long_is_cut_where_it_shows(step: Step) -> None:
    long = "x" * (2 * LONGEST)
    told = reply(step, facts(said=long, reason=long, changes=(long,)))
    assert [True, True] == [
        len(part) <= LONGEST and part[LONGEST - 1 :] in {"", "…"} for part in (told.text, told.code)
    ]


@given(st.sampled_from(STEPS), st.sampled_from(sorted(VERBS)), st.text(max_size=5000), st.text(max_size=300))
def test_whatever_is_told_is_no_longer_than_a_reply(step: Step, verb: str, reason: str, vm: str) -> None:
    told = reply(step, Facts(verb=verb, id=ID, vm=vm, said=reason, reason=reason, changes=(reason, reason)))
    assert 0 < len(told.text) <= LONGEST
    assert len(told.code) <= LONGEST
