from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from schemas.errors import Reject
from sinks.slack.board import PARKED, Board
from tests.sinks.bench import event
from tests.sinks.slack.bench import ACTION

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent


def parked(**more: Any) -> CloudEvent:
    """As the audit tells it."""
    entity = {"vcenter": "vc1", "moref": "vm-55", "kind": "VirtualMachine", "name": "web-1"}
    given = {"action": "power-off", "actionId": ACTION, "sink": "stop", "requester": "sink/stop", "entity": entity}
    data = orjson.dumps({**given, "reason": "it is always asked for", **more})
    return event(type=PARKED, subject="vc1/vm-55", data=data)


def test_an_event_is_told_by_what_and_when() -> None:
    said = Board(None).notice(event(), ours=True)

    expected = "VmPoweredOffEvent\nhttps://vc1.example/sdk at 2026-11-20T09:36:17.913365487Z\nreflexarc vc1/i1/1"
    assert expected == said.text
    assert ["section", "context"] == [block["type"] for block in said.blocks]


def test_an_event_is_told_by_the_operators_template() -> None:
    said = Board("{{ data.Vm.Name }}: {{ event.subject }}").notice(event(), ours=True)

    assert "web-1 é: VmPoweredOffEvent" == said.blocks[0]["text"]["text"]


def test_a_template_that_does_not_fit_is_named() -> None:
    with pytest.raises(Reject, match="text: reads what this event does not have"):
        Board("{{ data.Nowhere.Name }}").notice(event(), ours=True)


@pytest.mark.parametrize("text", [None, "{{ data.action }}"])
def test_a_parked_request_has_buttons(text: str | None) -> None:
    said = Board(text).notice(parked(), ours=True)

    assert "actions" == said.blocks[-1]["type"]
    assert [ACTION] * 2 == [button["value"] for button in said.blocks[-1]["elements"]]
    assert f"reflexarc {ACTION}" == said.text.split("\n")[-1]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "power-off of web-1 waits for approval.\nAsked for by sink/stop: it is always asked for"),
        ({"entity": None}, "power-off of stop waits for approval.\nAsked for by sink/stop: it is always asked for"),
    ],
)
def test_a_parked_request_is_told_by_what_waits_and_why(more: dict[str, Any], expected: str) -> None:
    assert expected == Board(None).notice(parked(**more), ours=True).blocks[0]["text"]["text"]


def test_nothing_else_that_tells_of_an_action_has_buttons() -> None:
    said = Board(None).notice(replace(parked(), type="com.reflexarc.remediation.failed"), ours=True)

    assert ["section", "context"] == [block["type"] for block in said.blocks]


@pytest.mark.parametrize("more", [{"actionId": "<!channel>"}, {"actionId": None}, {"actionId": 7}])
def test_what_is_no_id_makes_no_buttons(more: dict[str, Any]) -> None:
    said = Board(None).notice(parked(**more), ours=True)

    assert ["section", "context"] == [block["type"] for block in said.blocks]


def test_what_others_say_of_a_request_has_no_buttons() -> None:
    """The id may be that of another request, which waits."""
    said = Board(None).notice(parked(), ours=False)

    assert ["section", "context"] == [block["type"] for block in said.blocks]
