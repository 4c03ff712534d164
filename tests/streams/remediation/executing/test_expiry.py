"""Actions that do not last."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.remediation.intent import Intent
from schemas.remediation.order import Order
from streams.remediation.executing.ending import Ending
from streams.remediation.executing.expiry import appointment
from tests.streams.guard.asking import NOW, host, request
from tests.streams.remediation.deciding.test_following import quarantine

BEFORE = {"alarmActionsEnabled": True}


def order(**parameters: Any) -> Order:
    """To turn the alarm actions of a host off."""
    asked = request(action="disable-alarm-actions", on=host(), parameters=parameters)
    return Order(id=asked.id, request=asked, decided=NOW, valid_until=NOW + 60, dry_run=False)


def intent(given: Order, **before: Any) -> Intent:
    """What was written down before the call."""
    return Intent(id=given.id, stage="begun", order=given, before=before or BEFORE, at=NOW)


def test_it_is_taken_back_an_hour_later_unless_its_parameters_say_otherwise() -> None:
    given = order()
    made = appointment(given, intent(given), Ending("succeeded"), NOW)
    assert made is not None
    assert (given.id, NOW + 3600, NOW + 3600, BEFORE) == (made.id, made.due, made.at, made.undo.before)


@pytest.mark.parametrize(("expires", "due"), [("30m", NOW + 1800), (None, None)])
def test_its_parameters_say_when_and_whether(expires: str | None, due: float | None) -> None:
    given = order(expires=expires)
    made = appointment(given, intent(given), Ending("succeeded"), NOW)
    assert due == (made.due if made else None)


@pytest.mark.parametrize("state", ["succeeded", "unknown"])
def test_what_may_have_been_done_is_taken_back(state: Any) -> None:
    given = order()
    assert appointment(given, intent(given), Ending(state), NOW) is not None


@pytest.mark.parametrize("state", ["planned", "refused", "failed"])
def test_what_was_not_done_is_not_taken_back(state: Any) -> None:
    given = order()
    assert appointment(given, intent(given), Ending(state), NOW) is None


def test_what_was_so_already_was_somebody_else_s_doing() -> None:
    given = order()
    assert appointment(given, None, Ending("succeeded", "nothing to do"), NOW) is None


def test_an_action_without_such_a_parameter_lasts() -> None:
    asked = request()
    given = Order(id=asked.id, request=asked, decided=NOW, valid_until=NOW + 60, dry_run=False)
    assert appointment(given, intent(given), Ending("succeeded"), NOW) is None


@pytest.mark.parametrize(("state", "made"), [("succeeded", True), ("unknown", True), ("failed", False)])
def test_what_its_request_says_follows_it(state: Any, made: bool) -> None:  # noqa: FBT001 - a parameter of the test
    of = quarantine()
    given = Order(id=of.id, request=of, decided=NOW, valid_until=NOW + 60, dry_run=False)
    due = appointment(given, intent(given), Ending(state), NOW)
    assert ((NOW + 14 * 86_400.0, of) if made else None) == ((due.due, due.request) if due else None)


def test_what_was_in_quarantine_already_was_somebody_else_s_doing() -> None:
    of = quarantine()
    given = Order(id=of.id, request=of, decided=NOW, valid_until=NOW + 60, dry_run=False)
    assert appointment(given, None, Ending("succeeded", "nothing to do"), NOW) is None


@pytest.mark.parametrize("said", [{"action": "levitate"}, {"parameters": {"expires": "1h", "height": 3}}])
def test_what_another_release_has_begun_is_not_taken_back_and_the_log_says_so(
    said: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """After a roll-back: its end must be told all the same."""
    asked = request(**{"action": "disable-alarm-actions", "on": host()} | said)
    given = Order(id=asked.id, request=asked, decided=NOW, valid_until=NOW + 60, dry_run=False)
    assert appointment(given, intent(given), Ending("unknown"), NOW) is None
    assert "is not known here" in caplog.text
