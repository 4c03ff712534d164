"""Read back by the grammar of RFC 5424."""

from __future__ import annotations

import re
import socket

from hypothesis import given
from hypothesis import strategies as st

from ops.trail.rfc5424 import message
from tests.streams.trail.entries import other, step

NAME = r"[!#-<>-\\^-~]{1,32}"
GRAMMAR = re.compile(
    r"<(?P<pri>\d{1,3})>1 (?P<time>\S+) (?P<host>[!-~]{1,255}) (?P<app>[!-~]{1,48}) (?P<proc>[!-~]{1,128})"
    rf" (?P<id>[!-~]{{1,32}}) (?P<sd>-|\[{NAME}(?: {NAME}=\"(?:[^\"\\\]]|\\.)*\")*\])(?: \ufeff(?P<msg>.*))?",
    re.DOTALL,
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=100)


def parsed(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of a message, and its parameters unescaped."""
    found = GRAMMAR.fullmatch(text)
    assert found is not None, text
    parameters = dict(re.findall(rf'({NAME})="((?:[^"\\\]]|\\.)*)"', found["sd"]))
    return found.groupdict(), {name: re.sub(r"\\(.)", r"\1", value) for name, value in parameters.items()}


def test_a_step_is_a_message_with_structured_data() -> None:
    """Facility log audit, severity by how it ended, time in UTC, the type as the id of the message."""
    entry = step("parked", reason="power-on needs approval", dryRun=False)
    parts, parameters = parsed(message(entry))
    assert ("108", "2026-05-28T20:26:40.000Z", socket.gethostname(), "reflexarc", "-", "remediation.parked") == (
        parts["pri"],
        parts["time"],
        parts["host"],
        parts["app"],
        parts["proc"],
        parts["id"],
    )
    assert "remediation parked: power-on web-1 vc1/vm-1: power-on needs approval" == parts["msg"]
    assert {
        "type": entry.type,
        "eventId": entry.id,
        "subject": "vc1/vm-1",
        "action": "power-on",
        "actionId": entry.action_id,
        "sink": "act",
        "requester": "sink/act",
        "entity": "web-1 vc1/vm-1",
        "dryRun": "false",
        "cause": "https://vc1/sdk e1",
    } == parameters


@given(TEXT.filter(bool), TEXT)
def test_no_text_breaks_out_of_its_parameter(actor: str, reason: str) -> None:
    """Quotes, brackets and backslashes are escaped; the message stays one line."""
    parts, parameters = parsed(message(other(actor=actor, reason=reason)))
    assert (actor, "functions") == (parameters["actor"], parameters["subject"])
    assert parts["msg"].endswith(f": {reason}" if reason else "functions")


@given(st.text(max_size=50))
def test_control_characters_never_reach_the_collector(text: str) -> None:
    """A line of a log is forged with them."""
    text = text.encode(errors="ignore").decode()
    shown = message(other(actor=text, reason=text))
    assert not re.search(r"[\x00-\x1f\x7f]", shown)
    parsed(shown)
