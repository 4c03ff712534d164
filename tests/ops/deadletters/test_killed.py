"""A re-drive that is killed, and run again."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from clients.kafka.admin import create
from ops.deadletters.desk import Counts, Desk
from ops.deadletters.portions import MOST
from schemas import topics
from schemas.config import Config, KafkaConfig, SinkConfig
from tests.ops.deadletters.letters import letter, record, store
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 3_000
SINK = "functions"


@pytest.mark.stack
def test_a_kill_loses_no_letter_and_repeats_one_portion_at_most(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Sent first, noted then: what was not noted is sent again; then all of them leave Kafka."""
    config = KafkaConfig(bootstrap=kafka, prefix=prefix, partitions=2, replication=1)
    installed = Config(kafka=config, sinks={SINK: SinkConfig(name=SINK, type="http")})
    create(config, topics.table(installed), report=lambda _: None)
    store(kafka, *(letter(prefix, record(prefix, SINK, number, partition=number % 2), SINK) for number in range(COUNT)))
    file = tmp_path / "reflexarc.yaml"
    file.write_text(
        f"kafka: {{bootstrap: '{kafka}', prefix: {prefix}, partitions: 2, replication: 1}}\n"
        f"sinks: {{{SINK}: {{type: http, url: 'http://127.0.0.1:8081/'}}}}\n"
    )
    command = [sys.executable, "-m", "ops", "-c", str(file), "dlq", "redrive", "--sink", SINK, "--yes"]
    topic = topics.sink(prefix, SINK)
    with subprocess.Popen([*command, "--rate", "2000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        wait_for(lambda: kafka_topics.ends(kafka, topic) >= 2 * MOST)
        run.kill()
    with Desk(config, SINK) as desk:
        assert 0 < desk.counts.open < COUNT
        assert COUNT == desk.counts.stored
    assert 0 == subprocess.run(command, capture_output=True, check=False).returncode
    with Desk(config, SINK) as desk:
        assert Counts(open=0, redriven=0, dropped=0) == desk.counts
    sent = Counter(dict(each.headers() or ())["ce_id"] for each in kafka_topics.everything(kafka, topic))
    assert {b"vc1/0/%d" % number for number in range(COUNT)} == set(sent)
    assert sent.total() - COUNT <= MOST
