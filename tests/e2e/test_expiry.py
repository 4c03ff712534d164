"""An action that does not last ends by itself, whoever was killed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_undo import acted, connected
from tests.faults.remediation.world import World
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

SINKS = {"cut": {"action": "disconnect-vnic", "approval": "never", "parameters": {"expires": "10s"}}}


@pytest.fixture
def world(stack: Status, tmp_path: Path, prefix: str) -> Iterator[World]:
    key = tmp_path / "answer.key"
    key.write_text("k" * 44)
    with simulators(tmp_path, "vc1") as vcenters:
        limits = {"answer_key_file": str(key)}
        with World(tmp_path / "world", stack, prefix, sinks=SINKS, limits=limits, vcenters=vcenters) as world:
            yield world


def test_who_decides_is_killed_before_its_time_and_it_ends_all_the_same(world: World) -> None:
    """After the restart nothing is asked for by anybody: the role wakes up by itself."""
    roles = world.start_all("router", "deliver", "decide", "execute")
    before, _, cut = connected(world), acted(world, "cut"), connected(world)
    roles["decide"].kill()
    world.start("decide", "another")
    wait(lambda: connected(world) == [True])
    people = {data["requester"] for _, step, data in world.audit() if step == "succeeded"}
    assert ([True], [False], {"sink/cut", "reflexarc/expiry"}) == (before, cut, people)
