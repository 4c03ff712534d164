"""The kill switch, with real workers."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from schemas import topics
from tests.faults.remediation.world import World
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ops.dev.component import Status
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack


@pytest.fixture
def world(tmp_path: Path, stack: Status, prefix: str) -> Iterator[World]:
    """An installation with one remediation sink, its configuration where commands look for it."""
    with World(tmp_path, stack, prefix, sinks={"isolate": {"action": "disconnect-vnic"}}) as world:
        yield world


def status(reflexarc: Command) -> dict[str, Any]:
    outcome = reflexarc("remediation", "status", "--json")
    assert (0, "") == (outcome.code, outcome.err)
    return dict(json.loads(outcome.out))


def said(reflexarc: Command, *arguments: str) -> list[str]:
    outcome = reflexarc("remediation", *arguments)
    assert (0, "") == (outcome.code, outcome.err)
    return outcome.out.splitlines()


def test_every_live_worker_confirms_the_pause(world: World, reflexarc: Command) -> None:
    """The command returns when both go by it; both go on after its end, and leave without a trace."""
    workers = [world.start("decide", "d1"), world.start("execute", "e1")]
    first, *confirmed = said(reflexarc, "pause", "--reason", "maintenance", "--actor", "eve@noc", "--within", "60s")
    assert first.startswith("remediation is paused: by eve@noc since 20")
    assert ["confirmed by decide/d1", "confirmed by execute/e1"] == confirmed

    found = status(reflexarc)
    assert ("eve@noc", "maintenance", 0) == (found["paused"]["actor"], found["paused"]["reason"], found["parked"])
    live = [(each["role"], each["instance"], each["confirmed"]) for each in found["workers"]]
    assert [("decide", "d1", True), ("execute", "e1", True)] == live

    shown = reflexarc("remediation", "status").out
    assert "remediation is paused: by eve@noc since 20" in shown
    assert ["decide/d1 live yes", "0 wait for an answer", "acting: isolate"] == [
        line
        for line in (" ".join(each.split()) for each in shown.splitlines())
        if line.startswith(("decide", "0 ", "acting", "dry run"))
    ]

    again, *_ = said(reflexarc, "pause", "--actor", "adam@noc", "--within", "60s")
    assert again.startswith("remediation is paused already: by eve@noc since 20")

    assert ["remediation goes on"] == said(reflexarc, "resume", "--actor", "adam@noc")
    assert ["remediation is not paused"] == said(reflexarc, "resume")
    wait_for(lambda: all(each["confirmed"] for each in status(reflexarc)["workers"]))
    for worker in workers:
        assert 0 == worker.stop()
    assert [] == status(reflexarc)["workers"]


def test_a_worker_that_is_stuck_is_named_and_the_switch_stays_on(world: World, reflexarc: Command) -> None:
    """Nobody is told that all is quiet while somebody may act."""
    world.start("decide", "d1")
    stuck = world.start("execute", "e1")
    stuck.signal(signal.SIGSTOP)
    try:
        outcome = reflexarc("remediation", "pause", "--within", "3s")
        assert 3 == outcome.code
        assert outcome.out.splitlines()[1:] == ["confirmed by decide/d1"]
        assert "not confirmed within 3s by execute/e1, which may still act; the switch stays on" in outcome.err
        assert "stop these workers" in outcome.err
        assert None is not status(reflexarc)["paused"]
    finally:
        stuck.signal(signal.SIGCONT)
    confirmed = said(reflexarc, "pause", "--within", "60s")[1:]
    assert ["confirmed by decide/d1", "confirmed by execute/e1"] == confirmed


def test_a_worker_that_died_is_taken_for_dead_after_a_while(world: World, reflexarc: Command, kafka: str) -> None:
    """One that was killed leaves no tombstone: only a person knows that it does not run all the same."""
    old = b'{"v":1,"seen":"","at":"2026-01-02T12:00:00Z"}'
    kafka_topics.produce(kafka, topics.control(world.prefix), [old], key=b"worker/execute/gone")
    outcome = reflexarc("remediation", "pause")
    assert 3 == outcome.code
    assert outcome.out.splitlines()[1].startswith("no worker of the roles decide and execute lives")
    assert "taken for dead: execute/gone, silent since 2026-01-02T12:00:00Z" in outcome.err
    assert "not confirmed by execute/gone, silent without having left; the switch stays on" in outcome.err
    assert "with --gone execute/gone" in outcome.err
    assert 3 == reflexarc("remediation", "pause", "--gone", "execute/other").code
    for arguments in (("--gone", "execute/gone"), ()):
        assert said(reflexarc, "pause", *arguments)[0].startswith("remediation is paused already")
    assert [] == status(reflexarc)["workers"]


def test_a_worker_that_starts_goes_by_the_switch_at_once(world: World, reflexarc: Command) -> None:
    """Its first word is about the record that was there before it."""
    said(reflexarc, "pause")
    world.start("decide", "d1")
    assert [True] == [each["confirmed"] for each in status(reflexarc)["workers"]]


def test_the_audit_hears_of_both_and_no_secret(world: World, reflexarc: Command, kafka: str) -> None:
    """Who stopped everything, who let it go on, and why."""
    said(reflexarc, "pause", "--actor", "eve@noc", "--reason", "maintenance")
    said(reflexarc, "resume", "--actor", "adam@noc")
    heard = [
        (dict(each.headers() or ())["ce_type"], json.loads(each.value() or b""))
        for each in kafka_topics.everything(kafka, topics.audit(world.prefix))
    ]
    expected = [
        (b"com.reflexarc.remediation.paused", {"actor": "eve@noc", "reason": "maintenance"}),
        (b"com.reflexarc.remediation.resumed", {"actor": "adam@noc", "reason": ""}),
    ]
    assert expected == heard


def test_without_kafka_the_file_that_stops_is_named(reflexarc: Command, write: Callable[[str], Path]) -> None:
    """Whoever wants everything to stop has no time to look for it."""
    write("""
        kafka: {bootstrap: "127.0.0.1:1", prefix: t, replication: 1}
        remediation: {stop_file: /run/reflexarc/stop}
    """)
    outcome = reflexarc("remediation", "pause")
    assert 3 == outcome.code
    assert "write /run/reflexarc/stop on every machine that runs role execute" in outcome.err
