"""SIGKILL of the broker with publishes in flight, and its return with the same data: nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.session import Session
from ops.demo import killed_worker, simulators
from ops.demo.journal import Journal, entries
from ops.demo.scene import Scene, kafka_section, read_config, routes, vcenter_sections
from ops.dev import stack as dev
from tests.support import topics
from tests.support.flow import Flow, settled, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

BACKLOG = 30_000
# Publishes fail before the broker is back and must be repeated; the partitions stay ours all the while.
IMPATIENT = {"delivery.timeout.ms": 1500, "request.timeout.ms": 1000, "session.timeout.ms": 240_000}
POSTED = 600
RATE = 100.0


def routed(flow: Flow) -> set[str]:
    records = topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
    return {dict(record.headers())["ce_id"].decode() for record in records}


def lost_by_router(flow: Flow, state: Path, mutant: str | None = None) -> set[str]:
    ids = set(flow.produce(BACKLOG))
    router = flow.start("router", mutant=mutant)
    wait(lambda: topics.ends(flow.bootstrap, f"{flow.prefix}.sink.events") > 0)
    dev.kill(state, "kafka")
    dev.start(state, "kafka")
    group, topic = f"{flow.prefix}.router", f"{flow.prefix}.events"
    wait(lambda: topics.committed_in_all(flow.bootstrap, group, topic) == BACKLOG)
    assert router.alive
    words = router.log.read_text()
    assert "router waits for the broker" in words or mutant, "no publish was in flight when the broker died"
    return ids - routed(flow)


def test_the_router_repeats_what_the_broker_did_not_confirm(
    stack: Status, state: Path, tmp_path: Path, prefix: str
) -> None:
    with Flow(tmp_path, stack, prefix, kafka=IMPATIENT) as flow:
        assert set() == lost_by_router(flow, state)


def test_forgetting_an_unconfirmed_publish_would_be_seen(
    stack: Status, state: Path, tmp_path: Path, prefix: str
) -> None:
    with Flow(tmp_path, stack, prefix, kafka=IMPATIENT) as flow:
        assert len(lost_by_router(flow, state, "router-forgets")) > 0


def test_the_whole_way_from_simulator_to_sink_survives_it(
    stack: Status, state: Path, tmp_path: Path, prefix: str
) -> None:
    with Scene(tmp_path, stack, prefix=prefix) as scene:
        scene.write_config(document(scene))
        scene.run("topics", "create")
        services = [
            scene.service("ingest", "ingest", "vcenter"),
            scene.service("router", "worker", "--role", "router"),
            scene.service("deliver", "worker", "--role", "deliver"),
        ]
        journal = Journal(scene.journal("generator"))
        vcenter = read_config(scene).vcenters["vc1"]
        texts = [f"{prefix}-{number}" for number in range(POSTED)]

        def arrived() -> list[str]:
            return [text for entry in scene.received("events") if (text := killed_worker.message(entry))]

        with Session(vcenter) as session, ThreadPoolExecutor(1) as pool:
            posting = pool.submit(simulators.post_events, session, texts, rate=RATE, journal=journal)
            wait(lambda: len(arrived()) >= POSTED // 6)
            dev.kill(state, "kafka")
            in_flight = sum(1 for _ in entries(scene.journal("generator"))) - len(set(arrived()))
            dev.start(state, "kafka")
            posting.result()
        sent = {entry["text"] for entry in entries(scene.journal("generator"))}
        lost = sent - set(settled(arrived, sent, quiet=40.0))
        assert [True] * 3 == [service.alive for service in services]
        journal.close()
    assert len(sent) == POSTED
    assert in_flight > 0
    assert set() == lost


def document(scene: Scene) -> dict[str, Any]:
    return {
        "kafka": kafka_section(scene.stack, scene.prefix),
        "vcenters": {"vc1": vcenter_sections(scene.stack, poll="100ms")["vc1"]},
        "routes": routes(posted=([killed_worker.SUBJECT], ["events"])),
        "sinks": {"events": {"type": "knative", "uri": scene.receiver("knative", "--delay", "0.005", name="events")}},
    }
