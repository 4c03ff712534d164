"""What is said before anybody is asked to take an action back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ops.remediation.undoing import doubt, undo
from schemas.config import Config, KafkaConfig
from schemas.errors import ReflexarcError
from sinks.remediation import RemediationSinkConfig
from tests.streams.commanding.test_begun import RING, started
from tests.streams.trail.entries import step

if TYPE_CHECKING:
    from streams.trail.entry import Entry

FOUND = {"before": {"runtime.powerState": "poweredOff"}}


def story(**started: Any) -> list[Entry]:
    """An action of the sink ``act`` that was begun, and ended well."""
    return [step("approved"), step("started", **started), step("succeeded")]


def said(steps: list[Entry], *, action: str = "power-on", name: str = "act") -> str:
    """Why it is not taken back; nobody is asked."""
    sink = RemediationSinkConfig.model_validate({"name": name, "type": "remediation", "action": action})
    config = Config(kafka=KafkaConfig(bootstrap="127.0.0.1:1"), sinks={name: sink})
    with pytest.raises(ReflexarcError) as error:
        undo(config, steps, person="cli/anna", reason="", within=0.0)
    return error.value.message


def test_a_sink_that_stands_for_another_action_takes_nothing_back() -> None:
    told = said(story(**FOUND), action="disconnect-vnic")
    assert "the sink act, which asked for power-on, stands for disconnect-vnic by now" == told


def test_a_sink_that_is_gone_takes_nothing_back() -> None:
    told = said(story(**FOUND), name="other")
    assert "it was asked for by the sink act, which is not configured any more" == told


def test_what_was_too_much_to_be_kept_is_not_taken_back() -> None:
    reason = "what it had found takes more than the 65536 bytes that are kept"
    assert said(story(before={}, irreversible=reason)).endswith(f" cannot be undone: {reason}")
    assert said(story(before={})).endswith(" cannot be undone: the audit does not say what it had found")


def test_without_a_key_nothing_is_signed() -> None:
    assert "answer_key" in said(story(**FOUND))


def test_what_nobody_has_signed_is_taken_back_and_said() -> None:
    """Releases before the signature have written none."""
    assert "" == doubt(started(), RING)
    for each in (started(()), started(before={"other": 1}), step("started", **FOUND)):
        assert "is not signed with a key of remediation.answer_key" in doubt(each, RING)
