"""librdkafka properties: what the configuration says, what each kind of client needs, what the promises demand.

Precedence, weakest first: our defaults, ``kafka.options`` of the operator, what a promise rests on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from confluent_kafka import KafkaException

from clients.kafka.errors import Connection
from clients.kafka.log import LOGGER, concise
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig, SecurityConfig

Handle = TypeVar("Handle")

_CLIENT: Final = {
    "reconnect.backoff.max.ms": 2_000,  # a broker that returns is noticed soon
    "socket.keepalive.enable": True,
    "socket.nagle.disable": True,
}

_PRODUCER: Final = {
    # Below the limit of every topic: a batch above it is refused as a whole, good neighbours of a bad record included.
    "batch.size": 1_000_000,
    "compression.type": "lz4",
    "delivery.timeout.ms": 30_000,
    # A record waits so long for others: half the CPU per record under load, for a millisecond of the lone one.
    "linger.ms": 1,
    # Each topic has its own limit; this one only has to be above them all.
    "message.max.bytes": 64 * 2**20,
    "queue.buffering.max.kbytes": 64 * 2**10,
    # After a commit the broker answers CONCURRENT_TRANSACTIONS for a moment; the default waits 100 ms each time.
    "retry.backoff.ms": 2,
    "retry.backoff.max.ms": 20,
    # `topics create` waits until a new topic has leaders: one that is still unknown then stays unknown. librdkafka
    # grants this time to a topic that it hears of for the first time only; for later, see ``Publisher``.
    "topic.metadata.propagation.max.ms": 5_000,
}

_PRODUCER_PROMISES: Final = {
    "acks": "all",
    "enable.idempotence": True,
    # As Kafka's own clients do it: one key, one partition, whoever writes.
    "partitioner": "murmur2_random",
}

# An open transaction of a dead process holds back every reader for as long; deliveries cannot take longer either.
_TRANSACTION: Final = {"transaction.timeout.ms": 10_000, "delivery.timeout.ms": 10_000}

_CONSUMER: Final = {
    # A full queue of fetched records is looked at again soon; the default of a second would leave a fast reader idle.
    "fetch.queue.backoff.ms": 20,
    # Per partition and answer: what came of the default of a MiB left 40 MiB of holes in memory beside a stopped sink.
    "fetch.message.max.bytes": 384 * 2**10,
    "partition.assignment.strategy": "cooperative-sticky",
    # Fetched and not taken yet: enough for a fast reader. What is small, the second one bounds.
    "queued.max.messages.kbytes": 4 * 2**10,
    "queued.min.messages": 10_000,
    # A leader that has moved is asked for its offsets at once, not when the old one has been tried for long.
    "topic.metadata.refresh.interval.ms": 2_000,
}

# With group.protocol=consumer the broker decides these, and librdkafka refuses them.
_CLASSIC_PROTOCOL: Final = ("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms")

_CONSUMER_PROMISES: Final = {
    "allow.auto.create.topics": False,
    "auto.offset.reset": "error",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "isolation.level": "read_committed",
}


def client(
    config: KafkaConfig, *, client_id: str, on_error: Callable[[KafkaError], None] | None = None
) -> dict[str, Any]:
    """Properties of any client: brokers, security, the operator's options, logs to ``logging``.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers' logs and quotas call this client.
        on_error: ``error_cb``, called while the client is polled; default: the error is logged.

    Raises:
        Refused: the password cannot be read.
    """
    return {
        **_CLIENT,
        **config.options,
        **_security(config.security),
        "bootstrap.servers": config.bootstrap,
        "client.id": client_id,
        "logger": LOGGER,
        "error_cb": on_error or Connection().heard,
    }


def producer(
    config: KafkaConfig,
    *,
    client_id: str,
    transactional_id: str | None = None,
    on_error: Callable[[KafkaError], None] | None = None,
) -> dict[str, Any]:
    """Properties of an idempotent producer, or of a transactional one.

    Raises:
        Refused: the password cannot be read.
    """
    transaction = {} if transactional_id is None else {**_TRANSACTION, "transactional.id": transactional_id}
    given = client(config, client_id=client_id, on_error=on_error)
    return {**_PRODUCER, **given, **transaction, **_PRODUCER_PROMISES}


def consumer(
    config: KafkaConfig,
    group: str,
    *,
    client_id: str,
    on_error: Callable[[KafkaError], None] | None = None,
) -> dict[str, Any]:
    """Properties of a consumer that reads committed records only, and commits only what it is told to.

    A position that no longer exists is an error (``_AUTO_OFFSET_RESET``), never a silent jump.

    Raises:
        Refused: the password cannot be read.
    """
    given = client(config, client_id=client_id, on_error=on_error)
    properties = {**_CONSUMER, **given, **_CONSUMER_PROMISES, "group.id": group}
    if properties.get("group.protocol") == "consumer":
        properties = {name: value for name, value in properties.items() if name not in _CLASSIC_PROTOCOL}
    return properties


def construct(kind: Callable[[dict[str, Any]], Handle], properties: dict[str, Any]) -> Handle:
    """A ``Producer``, ``Consumer`` or ``AdminClient`` with ``properties``.

    Raises:
        ConfigError: librdkafka does not take a property or its value.
    """
    try:
        return kind(properties)
    except KafkaException as error:
        what = concise(error.args[0].str())
        where = "kafka.security.ca_file" if "ssl.ca.location" in what else "kafka.options"
        problem = Problem(where=where, what=what, cure="librdkafka's CONFIGURATION.md lists names and values")
        raise ConfigError("configuration", (problem,)) from error


def _security(security: SecurityConfig) -> dict[str, Any]:
    given = {
        "security.protocol": security.protocol,
        "sasl.mechanism": security.mechanism,
        "sasl.username": security.username,
        "sasl.password": security.password.reveal() if security.password else None,
        "ssl.ca.location": str(security.ca_file) if security.ca_file else None,
    }
    return {name: value for name, value in given.items() if value is not None}
