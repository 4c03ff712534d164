"""librdkafka's in-process broker, run as a program: Kafka's protocol for a first look, where there is no Java.

It keeps nothing on disk, makes a topic of 4 partitions at its first use, knows no look-up by time and no ACLs.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Producer

import ops
from ops.dev.broker_probe import brokers_known
from ops.dev.service import Command, Service

if TYPE_CHECKING:
    from ops.dev.service import Report


class MockBroker(Service):
    """The stand-in for Kafka; its address changes with every start, because librdkafka chooses it."""

    kind = "kafka"
    real = False
    note = "librdkafka's in-process broker: keeps nothing, guarantees nothing"
    processes = ("broker",)

    def prepare(self, report: Report) -> None:
        """Nothing is needed that is not installed."""

    def command(self, process: str) -> Command:
        """This module, as a program."""
        del process  # there is only one
        self._endpoint_file.unlink(missing_ok=True)
        packages = str(Path(ops.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [packages, os.environ.get("PYTHONPATH")]))
        argv = (sys.executable, "-m", "ops.dev.mock_broker", str(self._endpoint_file))
        return Command(argv, {"PYTHONPATH": path})

    def answers(self) -> bool:
        """Whether it gives out metadata."""
        endpoint = self.endpoint()
        return endpoint is not None and brokers_known(endpoint, {}) > 0

    def endpoint(self) -> str | None:
        """``host:port`` for ``bootstrap.servers``; None until it has started."""
        try:
            return self._endpoint_file.read_text()
        except FileNotFoundError:
            return None

    @property
    def _endpoint_file(self) -> Path:
        return self.place.folder / "endpoint"


def serve(endpoint_file: Path) -> None:
    """Run the broker until SIGTERM or SIGINT; its address is written to ``endpoint_file`` when it serves."""
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    # The cluster lives inside this producer, for as long as it is referenced.
    producer = Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1})
    brokers = producer.list_topics(timeout=10).brokers.values()
    partial = endpoint_file.with_suffix(".partial")
    partial.write_text(",".join(f"{broker.host}:{broker.port}" for broker in brokers))
    partial.replace(endpoint_file)
    signal.sigwait(ending)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
