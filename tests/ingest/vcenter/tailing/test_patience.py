from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vcenter.tailing import patience, watch
from ingest.vcenter.tailing.patience import Patience
from ingest.vcenter.tailing.watch import StallWatch
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    import pytest


def test_pauses_double_up_to_a_limit_and_start_again_after_an_answer() -> None:
    rests = Patience("vc1")
    away = Unreachable("away")
    pauses = [rests.rest(away) for _ in range(9)]
    assert [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0] == pauses
    rests.restore()
    assert patience.FIRST == rests.rest(away)


def test_a_refusal_rests_long() -> None:
    assert patience.REFUSED == Patience("vc1").rest(Refused("no"))


def test_the_same_sentence_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    rests = Patience("vc1")
    for _ in range(3):
        rests.rest(Refused("wrong password", cure="correct it"))
    assert ["wrong password (correct it)"] == caplog.messages


def test_it_says_when_the_vcenter_answers_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    rests = Patience("vc1")
    rests.rest(Unreachable("away"))
    rests.restore()
    rests.restore()
    assert ["away", "vCenter vc1: answers again"] == caplog.messages


def test_a_quiet_log_is_looked_at_ever_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0
    monkeypatch.setattr(watch, "monotonic", lambda: clock)
    stalls = StallWatch()
    looks = []
    for clock in range(120):
        if stalls.is_due():
            looks.append(clock)
    assert [5, 15, 35, 65, 95] == looks
    stalls.moved()
    clock += 5
    assert stalls.is_due()
