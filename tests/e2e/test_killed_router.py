"""SIGKILL of the router with events in hand: every one reaches the sink topic, and the test sees when one does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.demo.child import Child
    from ops.dev.component import Status

pytestmark = pytest.mark.stack

EVENTS = 5_000


def routed(flow: Flow) -> set[str]:
    records = topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
    return {dict(record.headers())["ce_id"].decode() for record in records}


def held(router: Child) -> tuple[int, int] | None:
    """Partition and offset of the last record that the router has in hand and will never publish."""
    found = re.search(r"^holding (\d+)/(\d+)$", router.log.read_text(), re.MULTILINE)
    return (int(found[1]), int(found[2])) if found else None


def lost_and_in_flight(flow: Flow, mutant: str | None = None) -> tuple[set[str], int]:
    ids = set(flow.produce(EVENTS))
    group, topic = f"{flow.prefix}.router", f"{flow.prefix}.events"
    victim = flow.start("router", mutant=mutant, halt="router-before-publish")
    wait(lambda: held(victim) is not None)
    wait(lambda: topics.committed_in_all(flow.bootstrap, group, topic) >= len(routed(flow)) > 0)
    if mutant:
        partition, offset = held(victim) or (0, 0)
        wait(lambda: topics.committed(flow.bootstrap, group, topic, partition) > offset)
    victim.kill()
    in_flight = len(ids - routed(flow))
    flow.start("router")
    wait(lambda: topics.committed_in_all(flow.bootstrap, group, topic) == EVENTS)
    return ids - routed(flow), in_flight


def test_nothing_is_lost(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix) as flow:
        lost, in_flight = lost_and_in_flight(flow)
    assert in_flight > 0
    assert set() == lost


def test_reporting_before_the_broker_has_it_would_be_seen(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix) as flow:
        lost, in_flight = lost_and_in_flight(flow, "router-reports-early")
    assert in_flight > 0
    assert len(lost) > 0
