from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson

from tests.support.canned.history import MICROSECONDS, History, text
from tests.support.canned.pages import made, templates

if TYPE_CHECKING:
    from pathlib import Path


def past(events: int = 100, seconds: float = 10.0, journal: Path | None = None) -> History:
    history = History(templates("power"), journal)
    history.look_back(events, seconds)
    return history


def keys(history: History) -> list[int]:
    return [history[index].key for index in range(history.held, len(history))]


def lines(journal: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in journal.read_bytes().splitlines()]


def test_a_past_is_spread_evenly_and_its_keys_are_contiguous() -> None:
    history = past()
    assert list(range(1, 101)) == keys(history)
    assert 99 * MICROSECONDS // 10 == round(history[99].created - history[0].created, -3)


def test_reading_begins_at_the_first_event_that_is_young_enough() -> None:
    history = past()
    assert 50 == history.since(history[50].created)
    assert 51 == history.since(history[50].created + 1)
    assert 100 == history.since(history.now())


def test_events_come_by_the_clock() -> None:
    history, began = History(templates("power")), time.time()
    history.run(10_000)
    while not len(history):
        history.advance()
    assert len(history) <= 10_000 * (time.time() - began)


def test_a_million_events_cost_little() -> None:
    assert 1_000_000 == len(past(1_000_000))


def test_what_was_withheld_is_committed_behind_what_came_later() -> None:
    history = History(templates("power"))
    history.withhold(3, 0.01)
    history.run(1_000)
    while len(history) < 20:
        history.advance()
    found = keys(history)
    assert found[0] > 3
    assert sorted(found) == list(range(1, len(found) + 1))
    late = found.index(1)
    assert history[late].created < history[late - 1].created


def test_a_restart_begins_with_the_given_key_and_says_what_nobody_was_given(tmp_path: Path) -> None:
    history = past(journal=tmp_path / "events")
    history.served = 90
    history.restart(7)
    history.post(made("GeneralUserEvent", b""))
    history.close()
    assert [7] == keys(history)
    assert {"epoch": 0, "forgotten": [90, 100]} == lines(tmp_path / "events")[100]
    assert (1, 0, 7) == tuple(lines(tmp_path / "events")[101][name] for name in ("epoch", "index", "key"))


def test_a_purge_keeps_the_latest() -> None:
    history = past()
    history.purge(10)
    assert list(range(91, 101)) == keys(history)
    assert 90 == history.since(0)


def test_a_clock_that_is_set_back_gives_older_times() -> None:
    history = past()
    history.set_clock(-3600)
    history.post(made("GeneralUserEvent", b""))
    assert history[100].created < history[0].created


def test_the_list_has_every_event_with_its_entity(tmp_path: Path) -> None:
    history = past(8, journal=tmp_path / "events")
    history.close()
    found = lines(tmp_path / "events")
    assert [text(history[index].created).decode() for index in range(8)] == [line["created"] for line in found]
    assert all(str(line["entity"]).startswith("vm-") for line in found)
