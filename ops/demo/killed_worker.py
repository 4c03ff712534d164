"""Story (c): events flow while the delivering worker is killed with SIGKILL and started again."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ops.demo import simulators
from ops.demo.journal import Journal, entries
from ops.demo.story import Stage, Story, arrivals, json_object
from ops.demo.tally import tally

if TYPE_CHECKING:
    from clients.vsphere.session import Session

TITLE = "2,000 events flow while the delivering worker is killed with SIGKILL and started again"
SUBJECT = "GeneralUserEvent"
EVENTS = 2000
RATE = 400.0
BEFORE_KILL = 400
GENERATOR = "generator"


def play(stage: Stage, *, events: int = EVENTS, before_kill: int = BEFORE_KILL) -> Story:
    """Post the events, kill in the middle, and hold the generator's journal against the receiver's file."""
    run, journal = uuid.uuid4().hex[:8], Journal(stage.scene.journal(GENERATOR))
    share, rate = events // len(stage.sessions), RATE / len(stage.sessions)

    def post(vcenter: str, session: Session) -> None:
        texts = [f"{run}-{vcenter}-{number}" for number in range(share)]
        simulators.post_events(session, texts, rate=rate, journal=journal)

    def arrived() -> int:
        return len({message(entry) for entry in stage.scene.received("events")} - {""})

    stage.report(f"(c) posting {share * len(stage.sessions)} events, {RATE:.0f} a second")
    with ThreadPoolExecutor(len(stage.sessions)) as pool:
        posting = [pool.submit(post, *vcenter) for vcenter in stage.sessions.items()]
        stage.wait_for(lambda: arrived() >= before_kill)
        stage.deliver.kill()
        on_the_way = len(_posted(stage)) - arrived()
        stage.report(f"(c) killed the delivering worker with {on_the_way} events on the way, starting it again")
        stage.deliver = stage.start_deliver()
        for future in posting:
            future.result()
    sent = _posted(stage)
    row = tally("events (c)", sent, arrivals(stage, "events", sent, message))
    failures = [f"{row.sink}: {row.lost} of {row.sent} events did not arrive"] if row.lost else []
    if on_the_way <= 0:
        failures.append("the kill hit nothing on the way, so it shows nothing")
    remark = f"SIGKILL hit the delivering worker with {on_the_way} events on the way"
    if row.duplicates:
        remark += f"; delivery is at least once, {row.duplicates} of them came again"
    return Story("c", TITLE, tallies=(row,), failures=tuple(failures), remarks=(remark,))


def message(entry: dict[str, Any]) -> str:
    """The text of the user event in a receiver's entry; empty for any other event."""
    return str(json_object(entry["data"]).get("Message", "")) if entry["subject"] == SUBJECT else ""


def _posted(stage: Stage) -> dict[str, float | None]:
    return {entry["text"]: entry["at"] for entry in entries(stage.scene.journal(GENERATOR))}
