"""What a command has had done is taken back in the name of the person who says so."""

from __future__ import annotations

from typing import Any

import pytest

from ops.remediation import askedback
from schemas.config import CommandsConfig, Config, KafkaConfig, RemediationConfig, Secret
from schemas.errors import ReflexarcError
from schemas.remediation.undo import Undo
from tests.streams.guard.asking import NOW, entity

KEY = Secret.from_env("K", {"K": "a" * 44})
"""What requests are signed with."""


def configuration(**parts: Any) -> Config:
    """One that connects to nothing, and has no vCenter."""
    limits = RemediationConfig(answer_key=KEY)
    return Config(kafka=KafkaConfig(bootstrap="127.0.0.1:1"), remediation=limits, **parts)


def given(action: str = "quarantine") -> Undo:
    return Undo(
        id="0123456789abcdef",
        sink="command/nuke",
        action=action,
        entity=entity().key,
        before={"name": "web-1"},
        person="cli/anna",
        at=NOW,
    )


@pytest.mark.parametrize(("sink", "expected"), [("command/nuke", True), ("commands", False), ("act", False)])
def test_a_verb_is_no_sink(sink: str, expected: bool) -> None:  # noqa: FBT001
    assert expected == askedback.is_commanded(sink)


@pytest.mark.parametrize(
    ("commands", "sink", "action", "why"),
    [
        (None, "command/nuke", "quarantine", "which nobody may give here"),
        (CommandsConfig(), "command/fly", "quarantine", "which nobody may give here"),
        (CommandsConfig(), "command/nuke", "destroy", "command/nuke, which asked for destroy, stands for quarantine"),
    ],
)
def test_a_verb_that_stands_for_it_no_more_takes_nothing_back(
    commands: CommandsConfig | None, sink: str, action: str, why: str
) -> None:
    with pytest.raises(ReflexarcError) as error:
        askedback.check(configuration(commands=commands), sink, action)
    assert why in error.value.message


def test_a_verb_that_stands_for_it_still_may() -> None:
    askedback.check(configuration(commands=CommandsConfig()), "command/nuke", "quarantine")


def test_a_vcenter_that_is_gone_is_named() -> None:
    with pytest.raises(ReflexarcError, match="it was done in vc1, where nothing can be done now"):
        askedback.record(configuration(commands=CommandsConfig()), given(), {}, entity())


def test_without_a_key_nothing_is_asked() -> None:
    unsigned = Config(kafka=KafkaConfig(bootstrap="127.0.0.1:1"), commands=CommandsConfig())
    with pytest.raises(ReflexarcError, match="answer_key"):
        askedback.record(unsigned, given(), {}, entity())
