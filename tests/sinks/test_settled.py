from __future__ import annotations

from sinks.settled import Settled
from tests.sinks.bench import event


def test_answers_are_kept_by_source_and_id_until_the_event_is_finished() -> None:
    settled: Settled[str] = Settled()
    settled.of(event(1))["f"] = "yes"

    assert {"f": "yes"} == settled.of(event(1, data=b"{}"))
    assert {} == settled.of(event(1, source="https://vc2.example/sdk"))
    settled.forget(event(1))
    settled.forget(event(2))
    assert {} == settled.of(event(1))


def test_only_the_events_touched_last_are_remembered() -> None:
    settled: Settled[str] = Settled(limit=2)
    for number in (1, 2, 1, 3):
        settled.of(event(number))["f"] = "yes"

    assert 2 == len(settled)
    assert {"f": "yes"} == settled.of(event(1))
    assert {} == settled.of(event(2))
