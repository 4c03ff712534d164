"""What a story is, what it plays on, and how it waits for arrivals."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.vsphere.session import Session
    from ops.demo.child import Child
    from ops.demo.scene import Scene
    from ops.demo.tally import Tally

ARRIVE_WITHIN = 60.0
LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Story:
    """What one story came to.

    Attributes:
        letter: a, b or c.
        title: one line.
        needs: what is missing here; the story, or a part of it, was not run when this is not empty.
        tallies: one per sink.
        failures: what did not come true, one line each.
        remarks: what a spectator should know.
    """

    letter: str
    title: str
    needs: str = ""
    tallies: tuple[Tally, ...] = ()
    failures: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Stage:
    """What the stories play on.

    Attributes:
        scene: the pipeline's files and processes.
        sessions: logged in to each simulator, by name; none without simulators.
        deliver: the process that delivers.
        start_deliver: starts another one.
        webhook: base URL of the webhook ingest.
        report: takes one line of progress.
    """

    scene: Scene
    sessions: Mapping[str, Session]
    deliver: Child
    start_deliver: Callable[[], Child]
    webhook: str
    report: Callable[[str], None]

    def wait_for(self, condition: Callable[[], bool], within: float = ARRIVE_WITHIN) -> float | None:
        """The time at which the condition held; None when time was up first.

        Raises:
            ReflexarcError: a part of the pipeline has crashed.
        """
        return wait_for(condition, within, check=self.scene.check)


def arrivals(
    stage: Stage, receiver: str, sent: Mapping[str, float | None], name: Callable[[dict[str, Any]], str]
) -> list[tuple[str, float]]:
    """Wait until everything sent has reached the receiver's file, or a minute is over; what has arrived by then.

    Args:
        stage: where the story plays.
        receiver: whose file is read.
        sent: by name everything that must arrive.
        name: what an entry of the file is called in ``sent``.
    """

    def arrived() -> list[tuple[str, float]]:
        return [(name(entry), entry["at"]) for entry in stage.scene.received(receiver)]

    stage.wait_for(lambda: set(sent) <= {text for text, _ in arrived()})
    return arrived()


def wait_for(
    condition: Callable[[], bool], within: float = ARRIVE_WITHIN, *, check: Callable[[], None] = lambda: None
) -> float | None:
    """The time at which the condition held; None when time was up first. ``check`` is called between two looks."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return time.time()
        check()
        time.sleep(LOOK_EVERY)
    return None


def event_id(entry: dict[str, Any]) -> str:
    """The CloudEvent id of a receiver's entry."""
    return str(entry["id"])


def json_object(text: str) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
