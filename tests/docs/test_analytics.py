"""docs/analytics.md keeps its word."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from clients.kafka.record import Outgoing
from schemas import topics as names
from schemas.avro.encoding import Encoding
from schemas.avro.row import row
from schemas.avro.schema import schema
from schemas.config import Config, KafkaConfig
from sinks.analytics import AnalyticsConfig
from streams.analytics.occurrence import Subject
from streams.analytics.row import outgoing
from streams.analytics.tally import Mark, Tally
from tests.docs import pages
from tests.sinks.bench import event
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGE = pages.ROOT / "docs" / "analytics.md"
SNIPPETS = pages.blocks("python", PAGE)
VM = {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}}
START = 1_795_167_360_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("event", "count"):
        shutil.copy(pages.ROOT / "schemas" / "avro" / f"{name}.avsc", tmp_path)
    return tmp_path


def publish(kafka: str, records: Iterable[Outgoing]) -> None:
    producer = Producer({"bootstrap.servers": kafka})
    for record in records:
        producer.produce(record.topic, record.value, record.key, max(record.partition, 0))
    assert producer.flush(30) == 0


def counts(prefix: str) -> Iterable[Outgoing]:
    """A row, the same row told again, and one for what came late."""
    encoding = Encoding(schema("count"))
    for first, number in ((0, 3), (0, 5), (9, 2)):
        yield outgoing(
            Subject(START, "off", "vc1/vm-55", "vc1"),
            Tally(number, first, Mark(first, 0)),
            topic=names.counts(prefix),
            partition=0,
            window=60_000,
            encoding=encoding,
        )


@pytest.mark.stack
def test_every_snippet_of_python_does_what_the_page_says(kafka: str, prefix: str, folder: Path) -> None:
    for topic in (names.analytics(prefix), names.counts(prefix)):
        topics.create(kafka, topic)
    encode = Encoding(schema("event")).encode
    data = json.dumps({"Vm": VM, "FullFormattedMessage": "web-1 is powered off"}).encode()
    rows = [Outgoing(names.analytics(prefix), encode(row(event(number, data=data)))) for number in (1, 2, 2)]
    publish(kafka, [*rows, *counts(prefix)])
    script = "\n".join(each.text for each in SNIPPETS)
    script = (
        script.replace("kafka:9092", kafka).replace('"reflexarc.', f'"{prefix}.').replace("analysts", f"{prefix}.a")
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)

    line = "2026-11-20 09:36:17.913365+00:00 com.vmware.vsphere.VmPoweredOffEvent.v0 web-1 web-1 is powered off"
    expected = [line] * 3 + ["2026-11-20 09:36:00+00:00 off vc1/vm-55 7", "[('vc1', 'web-1', 2)]"]
    assert ("", expected) == (done.stderr, done.stdout.splitlines())


def test_the_connector_of_kafka_connect_reads_a_topic_that_there_is() -> None:
    (block,) = pages.blocks("json", PAGE)
    sink = AnalyticsConfig.model_validate({"name": "rows", "type": "analytics"})
    config = Config(kafka=KafkaConfig(bootstrap="kafka:9092"), sinks={"rows": sink})
    known = {topic.name for topic in names.table(config)}
    assert json.loads(block.text)["config"]["topics"] in known
    fields = {field["name"] for field in json.loads(schema("event").text)["fields"]}
    assert {*json.loads(block.text)["config"]["pk.fields"].split(","), "extensions"} <= fields
