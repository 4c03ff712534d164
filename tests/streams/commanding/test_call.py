"""One command as it came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from schemas.cloudevents import CloudEvent
from schemas.commands.kinds import APPROVE, PRESSED, REFUSE, SLASH, TYPED
from schemas.keys import keyring
from schemas.principal import EXTENSION, Principal, Unverified, sign
from schemas.remediation.request import request_id
from streams.commanding.call import heard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.keys import Key
    from streams.commanding.call import Call

RING = keyring([b"p" * 32])
SOURCE = "/ingest/webhook/slack"
ANNA = Principal(team="T1", user="U1", channel="C1", verified="slack-v0", time=1_700_000_000)


def event(kind: str = SLASH, subject: str = "/iaas", who: Principal = ANNA, **data: Any) -> CloudEvent:
    """An event of the topic of commands, signed."""
    plain = CloudEvent(
        id="e1",
        source=SOURCE,
        type=kind,
        subject=subject,
        datacontenttype="application/json",
        data=orjson.dumps({"text": "poweron web-1"} | data),
    )
    return replace(plain, extensions={EXTENSION: sign(who, plain, RING)})


def hear(given: CloudEvent, ring: Sequence[Key] = RING) -> Call | None:
    return heard(given, lambda _type, _source: ring)


def call(given: CloudEvent) -> Call:
    found = hear(given)
    assert found is not None
    return found


def test_who_gives_it_is_known_by_the_workspace_and_the_id_there() -> None:
    found = call(event())
    assert ("slack/T1/U1", "T1/C1", "poweron web-1") == (found.way, found.channel, found.text)


def test_at_a_command_line_it_is_the_system_s_user() -> None:
    who = Principal(team="", user="anna", channel="", verified="cli", time=1)
    found = call(event(TYPED, who=who, dry_run=True))
    assert ("cli/anna", "", True) == (found.way, found.channel, found.dry_run)


@pytest.mark.parametrize(("button", "verb"), [(APPROVE, "approve"), (REFUSE, "refuse")])
def test_a_button_of_ours_is_a_command(button: str, verb: str) -> None:
    assert f"{verb}\n0123456789abcdef" == call(event(PRESSED, button, text="0123456789abcdef")).text


def test_a_button_of_somebody_else_s_is_none() -> None:
    assert hear(event(PRESSED, "their-button")) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"data": orjson.dumps({"text": "nuke web-1 web-1"})},
        {"id": "e2"},
        {"source": "/ingest/webhook/other"},
        {"extensions": {}},
        {"type": "com.example.other"},
    ],
    ids=str,
)
def test_what_was_changed_on_its_way_or_never_signed_is_nobody_s(changed: dict[str, Any]) -> None:
    with pytest.raises(Unverified):
        hear(replace(event(), **changed))


def test_a_key_of_another_way_proves_nothing() -> None:
    with pytest.raises(Unverified):
        hear(event(), keyring([b"q" * 32]))
    with pytest.raises(Unverified):
        hear(event(), ())


def test_the_type_of_a_command_is_one_that_is_known() -> None:
    with pytest.raises(Unverified, match="not one of a command"):
        hear(event("com.example.other"))


def test_its_id_is_that_of_the_action_whenever_it_comes_again() -> None:
    found = call(event())
    assert found.id("poweron") == request_id("command/poweron", SOURCE, "e1") == call(event()).id("poweron")


def test_only_a_command_line_s_command_asks_for_a_plan() -> None:
    """In Slack nobody can say so; data with that member are somebody's who writes to Kafka."""
    assert not call(event(dry_run=True)).dry_run


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"text": 5}'])
def test_data_that_say_nothing_are_an_empty_command(data: bytes) -> None:
    plain = replace(event(), data=data)
    given = replace(plain, extensions={EXTENSION: sign(ANNA, plain, RING)})
    assert "" == call(given).text


def test_what_goes_on_with_it_is_bounded_and_knows_the_way_back() -> None:
    errand = call(event(text="echo " + "x" * 5000)).errand("echo", "anna", replies="chat")
    assert ("anna", "chat", "T1", "C1", "U1", 1000) == (
        errand.person,
        errand.replies,
        errand.team,
        errand.channel,
        errand.user,
        len(errand.said),
    )
