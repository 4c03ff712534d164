from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from prometheus_client import REGISTRY

from clients.vsphere.faults import SessionLost
from ingest.vcenter.feeds import canary as module
from ingest.vcenter.feeds.canary import MESSAGE, SUBJECT, Canary, arrived
from schemas.errors import Refused
from tests.ingest.vcenter.events import event
from tests.ingest.vcenter.tailing.logs import Log, follow
from tests.support.vcenter import ingest, installation, texts, vcenter, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.vcenter import VcenterEvent
    from schemas.config import VcenterConfig

EVERY = 300.0


class Voice:
    """A feed that can only speak."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.trouble: Exception | None = None

    def say(self, text: str) -> None:
        if self.trouble:
            raise self.trouble
        self.said.append(text)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A vCenter of this test alone: its numbers start at 0."""
    return f"canary-{abs(hash(request.node.name))}"


def canary(name: str) -> Canary:
    return Canary(vcenter(name, canary={"every": EVERY}))


def echo(text: str, key: int = 1) -> VcenterEvent:
    return event(key, name=SUBJECT, data=orjson.dumps({"Message": text}))


def outcomes(name: str) -> dict[str, float | None]:
    return {
        outcome: REGISTRY.get_sample_value("reflexarc_ingest_canaries_total", {"vcenter": name, "outcome": outcome})
        for outcome in ("ok", "failed", "late")
    }


def value(metric: str, name: str) -> float | None:
    return REGISTRY.get_sample_value(f"reflexarc_ingest_canary_{metric}", {"vcenter": name})


def test_one_is_posted_at_first_and_then_as_often_as_configured(seconds: list[float], name: str) -> None:
    bird, voice = canary(name), Voice()
    flown = []
    for step in (0, EVERY - 1, 1, EVERY):
        seconds[0] += step
        bird.fly(voice)
        flown.append(len(voice.said))
    assert [1, 1, 2, 3] == flown
    assert all(said.startswith(MESSAGE) for said in voice.said)
    assert 3 == len(set(voice.said))


def test_without_a_configuration_there_is_none(name: str) -> None:
    voice = Voice()
    bird = Canary(vcenter(name))
    bird.fly(voice)
    assert ([], None) == (voice.said, bird.seen([echo(f"{MESSAGE} 00")]))
    assert {"ok": None, "failed": None, "late": None} == outcomes(name)


def test_it_is_recognised_when_it_comes_back_and_only_once(seconds: list[float], name: str) -> None:
    bird, voice = canary(name), Voice()
    bird.fly(voice)
    page = [event(1), echo("something else", 2), echo(voice.said[0], 3)]
    assert [None, seconds[0], None] == [bird.seen(page[:2]), bird.seen(page), bird.seen(page)]


def test_somebody_elses_canary_is_none_of_ours(seconds: list[float], name: str) -> None:
    bird = canary(name)
    bird.fly(Voice())
    assert bird.seen([echo(f"{MESSAGE} 0123456789abcdef")]) is None


def test_its_arrival_is_timed_and_remembered(seconds: list[float], name: str) -> None:
    before = value("success_timestamp_seconds", name)
    canary(name)
    arrived(name, seconds[0] - 2.0)
    arrived(name, None)
    assert ({"ok": 1.0, "failed": 0.0, "late": 0.0}, 2.0) == (outcomes(name), value("seconds_sum", name))
    assert (None, EVERY) == (before, value("interval_seconds", name))
    assert value("success_timestamp_seconds", name)


def test_one_that_has_not_come_when_the_next_is_due_is_late_and_still_welcome(seconds: list[float], name: str) -> None:
    bird, voice = canary(name), Voice()
    bird.fly(voice)
    posted = seconds[0]
    seconds[0] += EVERY
    bird.fly(voice)
    assert 1.0 == outcomes(name)["late"]
    assert posted == bird.seen([echo(voice.said[0])])


def test_those_that_never_come_are_forgotten(seconds: list[float], name: str) -> None:
    bird, voice = canary(name), Voice()
    for _ in range(module.MOST + 1):
        bird.fly(voice)
        seconds[0] += EVERY
    assert bird.seen([echo(voice.said[0])]) is None
    assert bird.seen([echo(voice.said[1])]) is not None


@pytest.mark.parametrize("trouble", [Refused("NoPermission", cure="grant it"), ValueError("surprise")])
def test_one_that_cannot_be_posted_is_said_once_and_harms_nobody(
    seconds: list[float], name: str, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    bird, voice = canary(name), Voice()
    voice.trouble = trouble
    for _ in range(3):
        bird.fly(voice)
        seconds[0] += EVERY
    voice.trouble = None
    bird.fly(voice)
    assert [
        f"vCenter {name}: its canary cannot be posted: {trouble}",
        f"vCenter {name}: its canary can be posted again",
    ] == caplog.messages
    assert {"ok": 0.0, "failed": 3.0, "late": 0.0} == outcomes(name)


def test_the_position_behind_a_canary_says_when_it_was_posted() -> None:
    desk = follow(Log([event(1, 1), event(2, 2)]), 3, canary={"every": EVERY})
    assert [True] == [chunk.canary is not None for chunk in desk.chunks if chunk.records]
    assert ["vc1/0/1", "vc1/0/2", "vc1/0/3"] == desk.ids


@pytest.mark.parametrize("trouble", [Refused("NoPermission"), SessionLost("vc1", "is gone"), ValueError("surprise")])
def test_a_tail_whose_canary_cannot_be_posted_reads_on_undisturbed(trouble: Exception) -> None:
    log = Log([event(key, key) for key in range(1, 21)], mute=trouble)
    desk = follow(log, 20, page=1, canary={"every": "1ms"})
    assert ([f"vc1/0/{key}" for key in range(1, 21)], 1) == (desk.ids, log.opened)


@pytest.mark.stack
def test_a_canary_flies_from_the_vcenter_into_kafka(
    kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path
) -> None:
    fields: dict[str, Any] = {"canary": {"every": "200ms"}}
    with ingest(installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]}, **fields)) as process:
        wait_for(lambda: 'reflexarc_ingest_canaries_total{outcome="ok",vcenter="vc1"} 3.0' in process.metrics())
    assert len([text for text in texts(kafka, prefix) if text.startswith(MESSAGE)]) >= 3
