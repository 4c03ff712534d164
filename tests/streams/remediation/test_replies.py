"""What somebody hears who has asked for an action in person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.cloudevents import kafka
from schemas.commands.errand import Errand
from schemas.commands.reply import TYPE, Reply
from streams.remediation.replies import HEARD, replied
from tests.streams.guard.asking import NOW, request

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing
    from schemas.remediation.request import Request


def asked(**said: Any) -> Request:
    """What anna asks for in Slack."""
    given = {"verb": "poweron", "said": "poweron web-1", "vm": "web-1", "person": "anna", "replies": "chat"}
    errand = Errand.model_validate(
        {"id": request().id, "source": "/s", "event": "e1", "team": "T1", "user": "U1", **given, **said}
    )
    return request(errand=errand, requester="anna")


def told(step: str, of: Request | None = None, **more: Any) -> tuple[Outgoing, ...]:
    """The records of a step."""
    return replied("p", "execute", step, of or asked(), at=NOW, more=more)


def said(record: Outgoing) -> Reply:
    """The reply of a record."""
    return Reply.decode(record.value)


def test_a_reply_is_an_event_for_the_sink_in_the_order_of_its_action() -> None:
    (record,) = told("succeeded", changes=["power on"])
    event = kafka.from_message(list(record.headers), record.value)
    assert ("p.sink.chat", TYPE, f"{request().id}/succeeded") == (record.topic, event.type, event.id)
    assert (request().id.encode(), "/p.execute") == (record.key, event.source)


def test_it_says_what_has_happened_and_knows_the_way_back() -> None:
    (record,) = told("succeeded", asked(address="sealed"), changes=["power on"])
    found = said(record)
    assert ("VM web-1 started successfully", True, "channel") == (found.text, found.final, found.visible)
    assert ("T1", "U1", "sealed", "/s", "e1") == (found.team, found.user, found.address, found.source, found.event)


@pytest.mark.parametrize("step", ["requested", "started", "disbelieved"])
def test_what_is_no_news_is_not_told(step: str) -> None:
    assert () == told(step)


def test_an_approval_is_told_where_somebody_was_waited_for() -> None:
    assert ((), 1) == (told("approved"), len(told("approved", approver="ben")))


def test_only_what_waits_for_a_person_has_buttons() -> None:
    asks = {step: said(told(step, approver="ben")[0]).ask for step in HEARD}
    assert {step: request().id if step == "parked" else "" for step in HEARD} == asks


@pytest.mark.parametrize("of", [request(), asked(replies="")])
def test_nobody_hears_who_does_not_wait(of: Request) -> None:
    """An event has asked, or somebody who reads the audit."""
    assert () == told("succeeded", of)


def test_every_word_about_progress_is_a_new_one() -> None:
    first, later = (replied("p", "execute", "progress", asked(), at=at, more={"percent": 40}) for at in (NOW, NOW + 60))
    names = [dict(each[0].headers)["ce_id"] for each in (first, later)]
    assert names[0] != names[1]
    assert "40 %" in said(first[0]).text
    assert not said(first[0]).final
