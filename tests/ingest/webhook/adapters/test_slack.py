from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.slack import adapter
from ingest.webhook.problem import Problem
from ingest.webhook.request import Request
from ingest.webhook.slack.answers import NotAllowed
from schemas import seal
from schemas.cloudevents import kafka
from schemas.config.webhook import SlackConfig
from schemas.errors import InvalidEvent
from schemas.principal import Principal, verify
from tests.support import slack
from tests.support.adapters import json_values

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

NOW = 1_795_000_000
SLACK = adapter(SlackConfig.model_validate(slack.settings()))


def request(body: bytes, seconds: str = str(NOW)) -> Request:
    headers = (("Content-Type", slack.FORM), ("x-slack-request-timestamp", seconds))
    return Request("POST", "", headers, body, "chat")


def event(name: str, **changes: Any) -> CloudEvent:
    (made,) = SLACK.adapt(request(slack.body(name, **changes)))
    return made


def refusal(name: str, **changes: Any) -> str:
    with pytest.raises(InvalidEvent) as refused:
        SLACK.adapt(request(slack.body(name, **changes)))
    return refused.value.message


def test_a_command_is_an_event_about_the_command() -> None:
    made = event("command")

    assert ("com.reflexarc.slack.command.v0", "/ingest/webhook/chat", "/vm") == (made.type, made.source, made.subject)
    assert ("13345224609.738474920.8088930838d88f008e0", "2026-11-18T11:06:40Z") == (made.id, made.time)
    assert "slack/T0001ABCD/C2147483705" == made.extensions["partitionkey"]
    assert {
        "command": "/vm",
        "text": 'power-off <"vm 1"> vm2.example.org',
        "channel": "C2147483705",
        "user": "U2147483697",
        "team": "T0001ABCD",
    } == orjson.loads(made.data)


@pytest.mark.parametrize(
    ("name", "command", "text", "channel"),
    [
        ("button", "approve", "vm1", "C2147483705"),
        ("dialog", "clone", "", ""),
        ("shortcut", "explain", "vm1 & vm2 are away", "C2147483705"),
    ],
)
def test_an_interaction_is_an_event_about_what_was_used(name: str, command: str, text: str, channel: str) -> None:
    made = event(name)
    data = orjson.loads(made.data)

    assert ("com.reflexarc.slack.interaction.v0", command) == (made.type, made.subject)
    assert (command, text, channel) == (data["command"], data["text"], data["channel"])
    assert (slack.recorded(name)["type"], slack.USER, slack.TEAM) == (data["kind"], data["user"], data["team"])
    assert f"slack/{slack.TEAM}/{channel or slack.USER}" == made.extensions["partitionkey"]


@pytest.mark.parametrize(("name", "state"), [("button", {"why": "maintenance"}), ("dialog", {"input": "vm7"})])
def test_what_the_inputs_of_an_interaction_hold_is_in_its_data(name: str, state: dict[str, str]) -> None:
    found = orjson.loads(event(name).data)["state"]

    (block,) = found.values()
    assert state == {action: element["value"] for action, element in block.items()}


@pytest.mark.parametrize("name", ["command", *slack.PAYLOADS])
def test_no_capability_of_slacks_is_in_the_record_in_clear(name: str) -> None:
    message = kafka.to_binary(event(name))
    record = b"\n".join([message.value or b"", *(value for _, value in message.headers)])

    assert b"gIkuvaNzQIHg97ATvDxqgjtO" not in record
    assert b"hooks.slack.com" not in record


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("command", "https://hooks.slack.com/commands/T0001ABCD/1234/5678abcd"),
        ("dialog", "https://hooks.slack.com/app/T0001ABCD/5678/abcd"),
    ],
)
def test_the_address_of_the_answer_is_sealed_for_half_an_hour(name: str, address: str) -> None:
    made = event(name)
    sealed = str(made.extensions["replyaddress"])

    def opened(after: int) -> str:
        return seal.open(sealed, slack.ring("seal"), source=made.source, id=made.id, now=NOW + after)

    assert address == opened(1799)
    with pytest.raises(seal.Unopened, match="expired"):
        opened(1800)


def test_who_asks_is_signed() -> None:
    expected = Principal(team=slack.TEAM, user=slack.USER, channel="C2147483705", verified="slack-v0", time=NOW)

    assert expected == verify(event("command"), slack.ring("principal"))


def test_the_same_request_has_the_same_id_and_another_one_another() -> None:
    assert event("command").id == event("command").id
    assert event("dialog").id == event("dialog").id
    assert event("dialog").id != event("dialog", hash="2").id


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.example.org/commands/1",
        "https://hooks.slack.com@example.org/commands/1",
        "https://hooks.slack.com\\@example.org/",
        "https://hooks.slack.com/\\@example.org/",
        "https://hooks.slack.com:443/commands/1",
        "https://HOOKS.slack.com/commands/1",
        " https://hooks.slack.com/commands/1",
        "https://hooks.slack.com/a b",
        "https://hooks.slack.com/" + "a" * 1001,
    ],
)
def test_answers_go_to_slack_and_nowhere_else(address: str) -> None:
    assert "response_url: is not an address of https://hooks.slack.com/" == refusal("command", response_url=address)


def test_a_command_that_takes_no_answer_has_no_address() -> None:
    assert "replyaddress" not in event("command", response_url=None).extensions


@pytest.mark.parametrize(
    "changes",
    [
        {"teams": []},
        {"users": []},
        {"teams": ["T0002"]},
        {"users": ["U0002"]},
        {"teams": [slack.USER], "users": [slack.TEAM]},
    ],
)
@pytest.mark.parametrize("name", ["command", "button"])
def test_who_is_not_named_is_told_so(name: str, changes: dict[str, Any]) -> None:
    strict = adapter(SlackConfig.model_validate(slack.settings(**changes)))

    with pytest.raises(NotAllowed, match=f"user {slack.USER} of {slack.TEAM}"):
        strict.adapt(request(slack.body(name)))


@pytest.mark.parametrize(
    ("name", "changes", "what"),
    [
        ("command", {"command": None}, "command: required"),
        ("command", {"command": " \x01"}, "command: required"),
        ("command", {"team_id": None}, "team_id: required"),
        ("command", {"user_id": "../U1"}, "user_id: '../U1' is not an id"),
        ("command", {"channel_id": "C1/x"}, "channel_id: "),
        ("button", {"type": None}, "type: required"),
        ("button", {"actions": []}, "command: required"),
        ("button", {"user": []}, "user_id: required"),
        ("dialog", {"team": {"id": 7}}, "team_id: "),
    ],
)
def test_what_does_not_say_who_asks_for_what_is_refused(name: str, changes: dict[str, Any], what: str) -> None:
    assert refusal(name, **changes).startswith(what)


def test_the_workspace_of_a_person_counts_where_the_payload_names_none() -> None:
    assert slack.TEAM == orjson.loads(event("button", team=None).data)["team"]


@pytest.mark.parametrize("seconds", ["", "soon", "-1", "1e9", "٣", "9" * 12])
def test_a_time_that_is_none_is_refused(seconds: str) -> None:
    with pytest.raises(InvalidEvent, match="X-Slack-Request-Timestamp: "):
        SLACK.adapt(request(slack.body("command"), seconds))


@given(
    st.binary(max_size=200)
    | st.builds(lambda payload: urlencode({"payload": orjson.dumps(payload)}).encode(), json_values)
    | st.builds(
        lambda name, member, value: slack.body(name, **{member: value}),
        st.sampled_from(slack.PAYLOADS),
        st.sampled_from(["type", "team", "user", "channel", "actions", "view", "response_urls", "trigger_id", "state"]),
        json_values,
    )
)
def test_whatever_is_signed_it_is_an_event_or_refused(body: bytes) -> None:
    try:
        (made,) = SLACK.adapt(request(body))
    except (InvalidEvent, Problem):
        return
    message = kafka.to_binary(made)
    assert made == kafka.from_message(message.headers, message.value)
    assert slack.USER == verify(made, slack.ring("principal")).user
