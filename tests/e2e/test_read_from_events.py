"""A sink that reads the events itself: from topic to events and back, nothing is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from schemas.errors import ReflexarcError, Refused
from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.demo.child import Child
    from ops.dev.component import Status

pytestmark = pytest.mark.stack

DIRECT = ("deliver", "--events", "events")
EVENTS = 300


def write(flow: Flow, **fields: Any) -> None:
    """Configure the sink otherwise."""
    document = yaml.safe_load(flow.scene.config.read_text())
    document["sinks"]["events"] |= fields
    flow.scene.config.write_text(yaml.safe_dump(document))


def settle(flow: Flow, *processes: Child, ids: list[str]) -> None:
    """Wait until these are delivered, and end the processes."""
    assert set(ids) <= set(flow.settled(ids))
    for each in processes:
        assert 0 == each.stop(), each.last_words()


def committed(flow: Flow, group: str) -> int:
    return topics.committed_in_all(flow.bootstrap, f"{flow.prefix}.{group}", f"{flow.prefix}.events")


def test_from_its_topic_to_the_events_and_back_each_event_arrives(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, sink={"read_from": "sink"}) as flow:
        before = flow.produce(EVENTS)
        settle(flow, flow.start("deliver"), flow.start("router"), ids=before)
        write(flow, read_from="events")
        middle = flow.produce(EVENTS, first=EVENTS)
        router, direct = flow.start("router"), flow.start(*DIRECT)
        settle(flow, direct, ids=middle)
        wait(lambda: committed(flow, "router") == 2 * EVENTS)
        late = flow.produce(EVENTS, first=2 * EVENTS)
        wait(lambda: committed(flow, "router") == 3 * EVENTS)
        settle(flow, router, ids=middle)
        assert EVENTS == topics.ends(flow.bootstrap, f"{prefix}.sink.events")

        write(flow, read_from="sink")
        with pytest.raises(ReflexarcError, match="deliver"):
            flow.start("deliver")
        refusal = (tmp_path / "deliver.log").read_text()
        assert f"has read the events, and {EVENTS} of them are left" in refusal

        write(flow, read_from="events")
        direct = flow.start(*DIRECT)
        settle(flow, direct, ids=late)
        write(flow, read_from="sink")
        after = flow.produce(EVENTS, first=3 * EVENTS)
        settle(flow, flow.start("deliver"), flow.start("router"), ids=after)
        assert 2 * EVENTS == topics.ends(flow.bootstrap, f"{prefix}.sink.events")
        assert sorted([*before, *middle, *late, *after]) == sorted(flow.received())


def test_a_kill_loses_nothing(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, receiver=("--delay", "0.005"), sink={"read_from": "events"}) as flow:
        victim = flow.start(*DIRECT)
        ids = flow.produce(EVENTS)
        wait(lambda: len(flow.received()) >= EVENTS // 8)
        victim.kill()
        assert len(flow.received()) < EVENTS
        flow.start(*DIRECT)
        assert set() == set(ids) - set(flow.settled(ids))


def test_a_sink_that_reads_from_its_topic_does_not_read_the_events(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, sink={"read_from": "sink"}) as flow:
        child = flow.scene.begin("direct", "worker", "--role", *DIRECT)
        wait(lambda: not child.alive)
        assert "events reads from its topic" in child.log.read_text()
        assert Refused.exit_code == child.stop()
