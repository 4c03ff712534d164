"""The webhook as a process of its own before the real broker: what foreign senders meet, and what comes of it."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import Consumer, KafkaError, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # public, but not marked as re-exported

from clients.kafka import admin
from ops.demo.child import Service, free_port
from schemas import topics as names
from schemas.config import load
from sinks import registry
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECONDS: Final = 60.0
"""For an answer."""


class Answer(NamedTuple):
    """What the server said; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Record(NamedTuple):
    """What lies in Kafka."""

    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None


class Webhook:
    """The running server.

    Attributes:
        url: its base, without a slash at the end.
        service: the process.
    """

    def __init__(self, service: Service, port: int, events: Events) -> None:
        self.service = service
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._events = events

    def send(self, request: bytes) -> Answer:
        """Send these bytes on a connection of their own, and hear the answer."""
        with socket.create_connection(("127.0.0.1", self._port), SECONDS) as connection:
            connection.sendall(request)
            with HTTPResponse(connection) as heard:
                heard.begin()
                headers = {name.lower(): value for name, value in heard.getheaders()}
                return Answer(heard.status, headers, heard.read())

    def fresh(self) -> list[Record]:
        """What has been stored on the topic of events since this was last asked."""
        return self._events.fresh()


class Events:
    """A topic of one partition, read on from where it was read before.

    Args:
        bootstrap: the broker.
        topic: it exists; transactions may be written to it.
    """

    def __init__(self, bootstrap: str, topic: str) -> None:
        options = {"enable.auto.commit": False, "enable.partition.eof": True, "fetch.wait.max.ms": 10}
        self._admin = AdminClient({"bootstrap.servers": bootstrap})
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader", **options})
        self._partition = TopicPartition(topic, 0, 0)
        self._consumer.assign([self._partition])
        self._at = 0

    def fresh(self) -> list[Record]:
        """Every committed record from there up to the present end, in order.

        A transaction is committed before the marks that say so are written: what is in it is waited for.
        """
        found = []
        end = self._end()
        while self._at < end:
            message = self._consumer.poll(SECONDS)
            assert message is not None, f"no end within {SECONDS:g} s"
            error = message.error()
            if error is None:
                found.append(Record(tuple(message.headers() or ()), message.value()))
                self._at = message.offset() + 1
            else:
                assert error.code() == KafkaError._PARTITION_EOF, error
                self._at = int(message.offset())  # behind the marks of transactions, which are no messages
        return found

    def _end(self) -> int:
        """Behind the last record, of a transaction that is under way, too."""
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        return int(self._admin.list_offsets({self._partition: latest})[self._partition].result(SECONDS).offset)

    def close(self) -> None:
        """End the consumer."""
        self._consumer.close()


@contextmanager
def running(
    folder: Path, bootstrap: str, settings: Mapping[str, Any], files: Mapping[str, str] | None = None
) -> Iterator[Webhook]:
    """A server with topics of its own.

    Args:
        folder: for its configuration and its log.
        bootstrap: the broker.
        settings: the ``webhook`` part of the configuration but for the address.
        files: contents by name, for secrets beside the configuration.
    """
    with topics.of_its_own(bootstrap) as prefix:
        port = free_port()
        kafka = {"bootstrap": bootstrap, "prefix": prefix, "partitions": 1, "replication": 1}
        written = {"kafka": kafka, "webhook": {"listen": f"127.0.0.1:{port}", **settings}}
        for name, content in (files or {}).items():
            folder.joinpath(name).write_text(content)
        path = folder / "reflexarc.yaml"
        path.write_text(json.dumps(written))
        config = load(path, sink_models=registry.model, sink_types=())
        admin.create(config.kafka, names.table(config), report=lambda _: None)
        service = Service("webhook", ["ops", "--config", str(path), "ingest", "webhook"], folder)
        events = Events(bootstrap, names.events(prefix))
        try:
            service.await_ready()
            yield Webhook(service, port, events)
        finally:
            events.close()
            service.stop()
