"""SIGKILL of the delivering role with events in its hands: none is lost, and the test sees it when one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

EVENTS = 400
# Slow enough that most events are still on their way when the worker is killed.
SLOW = ("--delay", "0.3")


def lost_and_in_flight(flow: Flow, mutant: str | None = None) -> tuple[set[str], int]:
    flow.start("router")
    victim = flow.start("deliver", mutant=mutant)
    ids = flow.produce(EVENTS)
    wait(lambda: len(flow.received()) >= EVENTS // 8)
    if mutant:
        wait(lambda: committed(flow) > len(flow.received()))
    victim.kill()
    in_flight = len(set(ids) - set(flow.received()))
    flow.start("deliver")
    return set(ids) - set(flow.settled(ids)), in_flight


def committed(flow: Flow) -> int:
    return topics.committed_in_all(flow.bootstrap, f"{flow.prefix}.deliver", f"{flow.prefix}.sink.events")


def test_nothing_is_lost(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, receiver=SLOW) as flow:
        lost, in_flight = lost_and_in_flight(flow)
    assert in_flight > 0
    assert set() == lost


def test_reporting_before_the_sink_has_it_would_be_seen(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, receiver=SLOW) as flow:
        lost, in_flight = lost_and_in_flight(flow, "deliver-reports-early")
    assert in_flight > 0
    assert len(lost) > 0
