"""An installation whose events topic holds what has happened, and a journal of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from confluent_kafka import Producer

from schemas.cloudevents import CloudEvent
from schemas.cloudevents import kafka as binding
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confluent_kafka import Message

BEGAN = datetime(2026, 11, 28, 6, tzinfo=UTC)
SUBJECTS = ("VmPoweredOffEvent", "VmPoweredOnEvent", "HostEvent")
MACHINES = 7
PARTITIONS = 3

CONFIGURATION = """
kafka: {{bootstrap: "{bootstrap}", prefix: {prefix}, partitions: {partitions}, replication: 1}}
sinks:
  functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
  archive: {{type: http, url: "http://127.0.0.1:8081/event"}}
routes:
- {{name: power, match: {{subject: VmPowered*}}, to: [functions, archive]}}
- {{name: hosts, match: {{subject: HostEvent}}, to: archive, transform: {{constant: {{team: hosts}}}}}}
"""


def at(second: int) -> str:
    return (BEGAN + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def event(number: int) -> CloudEvent:
    """The one that happened in this second: two of three are about the power of a machine."""
    return CloudEvent(
        id=f"vc1/0/{number}",
        source="https://vc1/sdk",
        type="t",
        subject=SUBJECTS[number % len(SUBJECTS)],
        time=at(number),
        datacontenttype="application/json",
        extensions={"partitionkey": f"vc1/vm-{number % MACHINES}"},
        data=b'{"Key":%d}' % number,
    )


@dataclass(frozen=True)
class History:
    bootstrap: str
    prefix: str

    def configure(self, file: Path) -> None:
        file.write_text(CONFIGURATION.format(bootstrap=self.bootstrap, prefix=self.prefix, partitions=PARTITIONS))

    @property
    def topic(self) -> str:
        return f"{self.prefix}.events"

    def fill(self, count: int, first: int = 0) -> list[str]:
        """Store so many events; their ids, in order."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "partitioner": "murmur2_random"})
        journal = []
        for number in range(first, first + count):
            each = event(number)
            message = binding.to_binary(each)
            producer.produce(self.topic, message.value, binding.partition_key(each), headers=list(message.headers))
            journal.append(each.id)
            producer.poll(0)
        assert 0 == producer.flush(60)
        return journal

    def records(self, sink: str) -> list[Message]:
        return topics.everything(self.bootstrap, f"{self.prefix}.sink.{sink}")

    def events(self, sink: str) -> list[CloudEvent]:
        return [binding.from_message(each.headers(), each.value()) for each in self.records(sink)]

    def ids(self, sink: str) -> Counter[str]:
        return Counter(each.id for each in self.events(sink))

    def written(self) -> int:
        """Records ever written to the sinks' topics and the audit."""
        names = (f"{self.prefix}.sink.functions", f"{self.prefix}.sink.archive", f"{self.prefix}.audit")
        return sum(topics.ends(self.bootstrap, name) for name in names)

    def audit(self) -> list[CloudEvent]:
        found = topics.everything(self.bootstrap, f"{self.prefix}.audit")
        return [binding.from_message(each.headers(), each.value()) for each in found]


def power(ids: Sequence[str]) -> Counter[str]:
    """Those of the ids that the route power takes."""
    return Counter(each for each in ids if int(each.rpartition("/")[2]) % len(SUBJECTS) < 2)
