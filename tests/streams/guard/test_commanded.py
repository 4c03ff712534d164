"""Limits of what people ask for, and of what follows from it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.config import CommandsConfig
from streams.commands.verbs import VERBS
from streams.guard.commanded import name, verbs


def configured(**said: dict[str, str]) -> CommandsConfig:
    return CommandsConfig.model_validate({"verbs": said})


def test_every_verb_that_is_an_action_has_limits_and_so_has_what_nobody_types() -> None:
    typed = {name(verb.name): verb.action for verb in VERBS.values() if verb.action}
    untyped = {
        "command/lease-end": "power-off",
        "command/lease-quarantine": "quarantine",
        "command/owner-tag": "tag",
        "command/purge": "purge",
    }
    assert typed | untyped == {key: limits.action for key, limits in verbs(CommandsConfig()).items()}
    assert {} == verbs(None)


@pytest.mark.parametrize("verb", ["lease-end", "lease-quarantine"])
def test_when_a_lease_has_ended_nobody_is_asked_unless_that_is_said(verb: str) -> None:
    said = verbs(configured(**{verb: {"approval": "always", "cool_down": "1h"}}))[name(verb)]
    assert "never" == verbs(CommandsConfig())[name(verb)].approval
    assert ("always", 3600.0) == (said.approval, said.cool_down)
    assert "never" == verbs(configured(**{verb: {"cool_down": "1h"}}))[name(verb)].approval


def test_what_is_deleted_for_good_is_always_asked_for() -> None:
    assert "always" == verbs(CommandsConfig())["command/purge"].approval
    with pytest.raises(ValidationError, match="no verb is called purge"):
        configured(purge={"approval": "never"})
