"""The long form of the kill tests: the whole way from simulators to sink, every process killed again and again."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.session import Session
from ops.demo import killed_worker, simulators
from ops.demo.journal import Journal, entries
from ops.demo.scene import Scene, kafka_section, read_config, routes, vcenter_sections
from tests.support.flow import settled

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.soak]

KILLS = 24
# A simulator keeps 1,000 events: what it makes while its tail is away must stay below.
RATE = 20.0
PAUSE = 15.0
ROLES = {
    "ingest": ("ingest", "vcenter"),
    "router": ("worker", "--role", "router"),
    "deliver": ("worker", "--role", "deliver"),
}


def test_nothing_is_lost_over_many_kills(stack: Status, tmp_path: Path, prefix: str) -> None:
    with ExitStack() as closing:
        scene = closing.enter_context(Scene(tmp_path, stack, prefix=prefix))
        url = scene.receiver("knative", "--delay", "0.005", name="events")
        scene.write_config(
            {
                "kafka": kafka_section(stack, prefix),
                "vcenters": vcenter_sections(stack, poll="100ms"),
                "routes": routes(posted=([killed_worker.SUBJECT], ["events"])),
                "sinks": {"events": {"type": "knative", "uri": url}},
            }
        )
        scene.run("topics", "create")
        services = {name: scene.service(name, *argv) for name, argv in ROLES.items()}
        journal = Journal(scene.journal("generator"))
        vcenters = read_config(scene).vcenters
        sessions = {name: closing.enter_context(Session(vcenter)) for name, vcenter in vcenters.items()}
        count = int(RATE * KILLS * PAUSE)
        pool = closing.enter_context(ThreadPoolExecutor(len(sessions)))
        posting = [
            pool.submit(
                simulators.post_events,
                session,
                [f"{prefix}-{name}-{number}" for number in range(count)],
                rate=RATE,
                journal=journal,
            )
            for name, session in sessions.items()
        ]

        def arrived() -> list[str]:
            return [text for entry in scene.received("events") if (text := killed_worker.message(entry))]

        chance, hits = random.Random(prefix), 0  # noqa: S311 - which process dies next is no secret
        for number in range(KILLS):
            time.sleep(PAUSE * chance.uniform(0.5, 1.0))
            name = chance.choice(sorted(ROLES))
            services[name].kill()
            hits += len({entry["text"] for entry in entries(scene.journal("generator"))} - set(arrived())) > 0
            services[name] = scene.service(name, *ROLES[name])
            sys.stderr.write(f"kill {number + 1} of {KILLS}: {name}\n")
        for future in posting:
            future.result()
        sent = {entry["text"] for entry in entries(scene.journal("generator"))}
        counts = Counter(settled(arrived, sent, quiet=60.0))
    lost, doubled = sent - set(counts), counts.total() - len(counts)
    sys.stderr.write(f"sent {len(sent)} lost {len(lost)} duplicates {doubled} kills {KILLS} in flight at {hits}\n")
    assert hits > 0
    assert set() == lost
