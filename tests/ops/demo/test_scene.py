from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.demo.child import Child
from ops.demo.scene import Scene, kafka_section
from ops.demo.story import wait_for
from ops.dev.component import Component, Status
from schemas.errors import ReflexarcError
from tests.ops.demo.leftovers import leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Scene(tmp_path, Status(()), prefix="t") as scene:
        yield scene


def ended(scene: Scene) -> Child:
    """A child that has ended because it was told nonsense."""
    child = scene.add(Child("wrong", ["ops.demo.receivers", "nonsense"], scene.folder))
    with pytest.raises(ReflexarcError, match="wrong did not start"):
        child.first_line()
    assert wait_for(lambda: not child.alive)
    return child


def test_a_child_that_crashed_is_named_with_its_last_words(scene: Scene) -> None:
    scene.check()
    ended(scene)
    with pytest.raises(ReflexarcError, match=r"wrong has ended: .*invalid choice: 'nonsense'"):
        scene.check()


@pytest.mark.parametrize("end", [Child.kill, Child.stop])
def test_a_child_that_was_ended_did_not_crash(scene: Scene, end: Callable[[Child], object]) -> None:
    end(ended(scene))
    scene.check()


def test_a_service_that_ends_is_not_waited_for(scene: Scene) -> None:
    with pytest.raises(ReflexarcError, match=r"worker ended with 2: .*reflexarc\.yaml"):
        scene.service("worker", "worker", "--role", "router")


def test_leaving_a_scene_ends_its_children(tmp_path: Path) -> None:
    with Scene(tmp_path, Status(()), prefix="t") as scene:
        assert scene.receiver("knative").startswith("http://127.0.0.1:")
        assert leftovers(tmp_path)
    assert [] == leftovers(tmp_path)


@pytest.mark.parametrize(("details", "copies"), [({}, 1), ({"replication": "3"}, 3)])
def test_topics_have_the_copies_that_the_stack_keeps(details: dict[str, str], copies: int) -> None:
    broker = Component(name="kafka", kind="kafka", state="running", real=True, endpoint="a:1", details=details)

    assert copies == kafka_section(Status((broker,)), "t")["replication"]
