from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import time

import pytest
from prometheus_client import REGISTRY

from ingest.vcenter.tailing import watch
from ingest.vcenter.tailing.followed import Followed
from ingest.vcenter.tailing.notices import KINDS
from tests.ingest.vcenter.events import at, event
from tests.ingest.vcenter.tailing.logs import Log, follow

VCENTER = "vc1"


def value(metric: str, vcenter: str = VCENTER, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"reflexarc_ingest_{metric}", {"vcenter": vcenter, **labels})


class Increase:
    """How much counters have grown since it was made."""

    def __init__(self, *metrics: str) -> None:
        self._before = {metric: value(f"{metric}_total") or 0.0 for metric in metrics}

    def __call__(self) -> dict[str, float]:
        return {metric: (value(f"{metric}_total") or 0.0) - before for metric, before in self._before.items()}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "FIRST", 0.005)


def test_every_counter_of_a_vcenter_is_there_before_anything_happened() -> None:
    Followed("quiet")
    counters = ("events", "dead_letters", "missing_events", "pages", "duplicates", "own_session_events")
    assert [0.0] * 6 == [value(f"{counter}_total", "quiet") for counter in counters]
    assert dict.fromkeys(KINDS, 0.0) == {kind: value("notices_total", "quiet", kind=kind) for kind in KINDS}
    assert [0.0, 0.0] == [value("logins_total", "quiet", outcome=outcome) for outcome in ("ok", "failed")]


def test_pages_and_what_was_read_twice_are_counted() -> None:
    grown = Increase("pages", "duplicates")
    last = follow(Log([event(key, key) for key in range(1, 21)]), 20, page=7).chunks[-1].checkpoint
    assert {"pages": 3.0, "duplicates": 0.0} == grown()
    follow(Log([event(key, key) for key in range(1, 31)]), 10, page=30, checkpoint=last)
    assert {"pages": 4.0, "duplicates": 20.0} == grown()


def test_reads_that_stayed_empty_are_counted_as_a_stall() -> None:
    before = value("notices_total", kind="stall") or 0.0
    follow(Log([event(1, 1)], stuck=True), 1)
    assert before + 1.0 == value("notices_total", kind="stall")


def test_keys_that_start_anew_are_counted() -> None:
    before = value("notices_total", kind="incarnation") or 0.0
    follow(Log([event(500, 1), event(3, 1000)]), 2)
    assert before + 1.0 == value("notices_total", kind="incarnation")


def test_the_age_of_an_event_is_told_by_the_clock_of_its_vcenter() -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    log = Log([event(1, created_time=ahead.isoformat())], clock=ahead)
    newest = follow(log, 1).chunks[-1].newest
    assert newest is not None
    assert abs(newest - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_was_last_seen_of_a_vcenter_is_gone_once_it_is_followed_no_longer() -> None:
    followed = Followed("ended")
    followed.read(1)
    assert (value("last_read_timestamp_seconds", "ended") or 0.0) > time() - 60
    followed.ended()
    assert value("last_read_timestamp_seconds", "ended") is None
    assert 1.0 == value("pages_total", "ended")


def test_what_a_stopped_tail_still_hears_is_not_shown() -> None:
    before = Followed("stopped")
    before.ended()
    before.read(1)
    before.interrupted()
    before.clock_is_ahead(1.0)
    gauges = ("last_read_timestamp_seconds", "up", "clock_offset_seconds")
    assert [None] * 3 == [value(gauge, "stopped") for gauge in gauges]


def test_a_tail_that_ends_late_leaves_the_gauges_of_its_successor_alone() -> None:
    before = Followed("back")
    before.ended()
    after = Followed("back")
    after.begun(at(0))
    after.clock_is_ahead(2.0)
    before.clock_is_ahead(1.0)
    before.interrupted()
    assert (1.0, 2.0) == (value("up", "back"), value("clock_offset_seconds", "back"))
    after.interrupted()
    assert 0.0 == value("up", "back")


def test_each_change_of_state_is_one_line_with_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ingest.vcenter.tailing.followed")
    first = follow(Log([event(500, 1)]), 1).chunks[-1].checkpoint
    follow(Log([event(510, 100), event(3, 1000)]), 2, checkpoint=first)
    lines = [
        {key: fields[key] for key in ("vcenter", "state", "first", "last", "incarnation") if key in fields}
        for fields in map(vars, caplog.records)
        if "state" in fields
    ]
    assert [
        {"vcenter": "vc1", "state": "followed"},
        {"vcenter": "vc1", "state": "left"},
        {"vcenter": "vc1", "state": "followed"},
        {"vcenter": "vc1", "state": "purge", "incarnation": 0, "first": 501, "last": 509},
        {"vcenter": "vc1", "state": "incarnation", "incarnation": 1},
        {"vcenter": "vc1", "state": "left"},
    ] == lines


def test_a_tail_that_has_ended_leaves_no_last_answer_behind() -> None:
    follow(Log([event(1, 1)]), 1)
    assert value("last_read_timestamp_seconds") is None
