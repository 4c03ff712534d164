"""The long form of the kill tests: the whole way from simulators to sink, every process killed again and again."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ops.demo import killed_worker
from ops.demo.scene import Scene, kafka_section, read_config, routes, vcenter_sections
from tests.support.flow import settled
from tests.support.generator import Generator

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.soak]

KILLS = 24
RATE = 20.0
PAUSE = 15.0
ROLES = {
    "ingest": ("ingest", "vcenter"),
    "router": ("worker", "--role", "router"),
    "deliver": ("worker", "--role", "deliver"),
}


def test_nothing_is_lost_over_many_kills(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Scene(tmp_path, stack, prefix=prefix) as scene:
        scene.write_config(document(scene))
        scene.run("topics", "create")
        services = {name: scene.service(name, *argv) for name, argv in ROLES.items()}
        chance, kills, hits = random.Random(prefix), Counter[str](), Counter[str]()  # noqa: S311 - no secret
        with Generator(read_config(scene).vcenters, scene.journal("generator"), rate=RATE) as generator:
            for number in range(KILLS):
                time.sleep(PAUSE * chance.uniform(0.5, 1.0))
                name = chance.choice(sorted(ROLES))
                sent = set(generator.sent())
                services[name].kill()
                arrived = set(texts(scene))
                kills[name] += 1
                hits[name] += len(sent - arrived) > 0
                say(f"kill {number + 1} of {KILLS}: {name}, {len(sent - arrived)} events on their way")
                generator.confirm(arrived)
                services[name] = scene.service(name, *ROLES[name])
            generator.stop()
        sent = set(generator.sent())
        counts = Counter(settled(lambda: texts(scene), sent, quiet=60.0))
        ids = {entry["id"] for entry in scene.received("events") if killed_worker.message(entry)}
    lost, doubled = sent - set(counts), counts.total() - len(counts)
    say(f"sent {len(sent)}, lost {len(lost)}, duplicates {doubled}")
    for name, times in sorted(kills.items()):
        say(f"{name}: {times} kills, {hits[name]} with events on their way")
    assert set() == lost
    assert set(kills) == set(+hits)
    assert len(counts) == len(ids)


def document(scene: Scene) -> dict[str, Any]:
    return {
        "kafka": kafka_section(scene.stack, scene.prefix),
        "vcenters": vcenter_sections(scene.stack, poll="100ms"),
        "routes": routes(posted=([killed_worker.SUBJECT], ["events"])),
        "sinks": {"events": {"type": "knative", "uri": scene.receiver("knative", "--delay", "0.005", name="events")}},
    }


def texts(scene: Scene) -> list[str]:
    """What the generator posted, as the receiver got it."""
    return [text for entry in scene.received("events") if (text := killed_worker.message(entry))]


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
