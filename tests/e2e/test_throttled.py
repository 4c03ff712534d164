"""A throttled route from the events topic to its sink, by the workers that one supervisor starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.demo.child import Child
from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

KEYS = 17


def test_the_first_event_of_each_key_is_delivered_and_no_other(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix, route={"throttle": {"once_within": "1h"}}) as flow:
        ids = flow.produce(10 * KEYS)
        scene = flow.scene
        argv = ("ops", "--config", str(scene.config), "worker")
        scene.add(Child("worker", argv, scene.folder, scene.environ, speaks=False))
        wait(
            lambda: (
                topics.committed_in_all(flow.bootstrap, f"{prefix}.throttle", f"{prefix}.throttle.ticks") == len(ids)
            )
        )
        wait(lambda: topics.committed_in_all(flow.bootstrap, f"{prefix}.deliver", f"{prefix}.sink.events") == KEYS)
        assert sorted(ids[:KEYS]) == sorted(flow.received())
