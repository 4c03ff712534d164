"""A vCenter under another name: its position moves, so that it is neither read anew nor from now.

Ids of its events begin with the new name from then on; incarnation and keys stay.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import ConsumerGroupState, KafkaException, Producer
from confluent_kafka.admin import AdminClient  # public, but not marked as re-exported

from clients.kafka import options
from clients.kafka.errors import Connection, explain, reason
from ingest.vcenter.restore import restore
from schemas import topics
from schemas.errors import ConfigError, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.vcenter.checkpoint import Checkpoint
    from schemas.config import Config, KafkaConfig

WITHIN: Final = 30.0
"""Seconds to wait for the group's coordinator, and for the transaction."""

_NOBODY: Final = frozenset({ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD})


def rename(config: Config, old: str, new: str) -> Checkpoint:
    """Move the position of ``old`` to ``new``, in one transaction; returns it.

    Args:
        config: the whole configuration, in which the vCenter has its new name already.
        old: the name so far.
        new: the name from now on.

    Raises:
        ConfigError: the configuration knows the old name, or not the new one.
        Refused: an ingest is running, ``old`` has no position, or ``new`` has one.
        Unreachable: the brokers are away.
    """
    _check_names(config, old, new)
    _check_nobody_follows(config.kafka)
    with _fencing(config.kafka) as producer:
        moved = _moved(restore(config.kafka), old, new)
        topic = topics.checkpoints(config.kafka.prefix)
        producer.begin_transaction()
        producer.produce(topic, None, old.encode())
        producer.produce(topic, moved.dumps(), new.encode())
        producer.commit_transaction(WITHIN)
    return moved


@contextmanager
def _fencing(config: KafkaConfig) -> Iterator[Any]:
    """A producer under ingest's own transactional id: one that is in no group, or starts only now, is fenced."""
    heard, identity = Connection(), topics.transactional_id(config.prefix, topics.INGEST_VCENTER)
    properties = options.producer(
        config, client_id=topics.INGEST_VCENTER, transactional_id=identity, on_error=heard.heard
    )
    producer: Any = options.construct(Producer, properties)
    try:
        producer.init_transactions(WITHIN)
        yield producer
    except KafkaException as error:
        raise explain(reason(error), doing="move a position", config=config, connection=heard) from error


def _check_names(config: Config, old: str, new: str) -> None:
    problems = []
    if old in config.vcenters:
        problems.append(Problem(f"vcenters.{old}", "still has its old name", f"call it {new} there, too"))
    if new not in config.vcenters:
        problems.append(Problem("vcenters", f"has no {new}", f"call {old} {new} there first"))
    if problems:
        raise ConfigError("configuration", problems)


def _check_nobody_follows(config: KafkaConfig) -> None:
    group, heard = topics.group(config.prefix, topics.INGEST_VCENTER), Connection()
    properties = options.client(config, client_id=topics.INGEST_VCENTER, on_error=heard.heard)
    client: Any = options.construct(AdminClient, properties)
    try:
        state = client.describe_consumer_groups([group], request_timeout=WITHIN)[group].result(WITHIN).state
    except KafkaException as error:
        if reason(error).name() == "GROUP_ID_NOT_FOUND":
            return
        raise explain(reason(error), doing=f"look at group {group}", config=config, connection=heard) from error
    if state not in _NOBODY:
        raise Refused(f"an ingest is running in group {group}", cure="stop every `ingest vcenter`, then rename")


def _moved(known: Mapping[str, Checkpoint], old: str, new: str) -> Checkpoint:
    if new in known:
        raise Refused(
            f"vCenter {new} has a position of its own, of {known[new].time}",
            cure="choose a name that was never used",
        )
    if old not in known:
        raise Refused(f"vCenter {old} has no position", cure=f"known: {', '.join(sorted(known)) or 'none'}")
    return replace(known[old], vcenter=new)
