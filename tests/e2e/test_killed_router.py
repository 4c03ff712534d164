"""SIGKILL of the router in the middle of a backlog: every event reaches the sink topic, and the test sees a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

EVENTS = 30_000


def routed(flow: Flow) -> set[str]:
    records = topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
    return {dict(record.headers())["ce_id"].decode() for record in records}


def lost_and_in_flight(
    flow: Flow, now: Callable[[], bool], mutant: str | None = None, events: int = EVENTS
) -> tuple[set[str], int]:
    ids = set(flow.produce(events))
    victim = flow.start("router", mutant=mutant)
    wait(now)
    victim.kill()
    in_flight = len(ids - routed(flow))
    flow.start("router")
    group, topic = f"{flow.prefix}.router", f"{flow.prefix}.events"
    wait(lambda: topics.committed_in_all(flow.bootstrap, group, topic) == events)
    return ids - routed(flow), in_flight


def test_nothing_is_lost(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix) as flow:
        sink = f"{prefix}.sink.events"
        lost, in_flight = lost_and_in_flight(flow, lambda: topics.ends(flow.bootstrap, sink) > 0)
    assert in_flight > 0
    assert set() == lost


def test_reporting_before_the_broker_has_it_would_be_seen(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix) as flow:

        def ahead() -> bool:
            done = topics.committed_in_all(flow.bootstrap, f"{prefix}.router", f"{prefix}.events")
            return done > topics.ends(flow.bootstrap, f"{prefix}.sink.events")

        lost, in_flight = lost_and_in_flight(flow, ahead, "router-reports-early", events=2_000)
    assert in_flight > 0
    assert len(lost) > 0
