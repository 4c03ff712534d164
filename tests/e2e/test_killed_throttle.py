"""SIGKILL of a throttle that holds events back: every group gets what stands for it, and the test sees when not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support import topics
from tests.support.flow import Flow, settled, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.demo.child import Child
    from ops.dev.component import Status

pytestmark = pytest.mark.stack

GROUPS = 17
EACH = 20
EVENTS = GROUPS * EACH


@pytest.fixture
def flow(stack: Status, tmp_path: Path, prefix: str) -> Iterator[Flow]:
    with Flow(tmp_path, stack, prefix, route={"throttle": {"once_after": "10s"}}) as flow:
        yield flow


def passed(flow: Flow) -> list[tuple[str, str]]:
    """Ids in the sink's topic, each with the number of events it stands for."""
    records = topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
    headers = [dict(record.headers()) for record in records]
    return [(each["ce_id"].decode(), each["reflexarc_throttled"].decode()) for each in headers]


def held(throttle: Child) -> int:
    found = re.findall(r"^holding (\d+) back$", throttle.log.read_text(), re.MULTILINE)
    return int(found[-1]) if found else 0


def expected_and_passed(flow: Flow, mutant: str | None = None) -> tuple[set[tuple[str, str]], list[tuple[str, str]]]:
    """What must pass, and what has; the throttle is killed while it holds everything back."""
    group, topic = f"{flow.prefix}.throttle", f"{flow.prefix}.throttle.ticks"
    flow.start("router")
    victim = flow.start("throttle", mutant=mutant, halt="throttle-holds")
    ids = flow.produce(EVENTS)
    wait(lambda: held(victim) == EVENTS)
    if mutant:
        wait(lambda: topics.committed_in_all(flow.bootstrap, group, topic) >= EVENTS)
    victim.kill()
    assert [] == passed(flow)
    flow.start("throttle")
    expected = {(name, str(EACH)) for name in ids[-GROUPS:]}
    settled(lambda: [name for name, _ in passed(flow)], ids[-GROUPS:], quiet=20.0)
    return expected, passed(flow)


def test_every_group_gets_what_stands_for_it_once(flow: Flow) -> None:
    expected, found = expected_and_passed(flow)
    assert expected == set(found)
    assert GROUPS == len(found)


def test_reporting_before_that_is_stored_would_be_seen(flow: Flow) -> None:
    expected, found = expected_and_passed(flow, "throttle-reports-early")
    assert expected - set(found)


def test_a_kill_between_the_passage_and_the_report_repeats_it(flow: Flow) -> None:
    flow.start("router")
    victim = flow.start("throttle", halt="throttle-passes")
    ids = flow.produce(EVENTS)
    wait(lambda: "passed some" in victim.log.read_text())
    victim.kill()
    before = passed(flow)
    flow.start("throttle")
    expected = {(name, str(EACH)) for name in ids[-GROUPS:]}
    wait(lambda: len(passed(flow)) == GROUPS + len(before))
    assert before
    assert expected == set(passed(flow))


def test_another_worker_takes_over_what_a_killed_one_held_back(flow: Flow) -> None:
    flow.start("router")
    flow.scene.service("survivor", "worker", "--role", "throttle", "--instance", "survivor")
    victim = flow.start("throttle", halt="throttle-holds")
    ids = flow.produce(EVENTS)
    wait(lambda: topics.ends(flow.bootstrap, f"{flow.prefix}.throttle.ticks") >= EVENTS and held(victim) > 0)
    victim.kill()
    expected = {(name, str(EACH)) for name in ids[-GROUPS:]}
    settled(lambda: [name for name, _ in passed(flow)], ids[-GROUPS:], quiet=40.0)
    assert expected == set(passed(flow))
