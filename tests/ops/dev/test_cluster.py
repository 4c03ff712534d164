from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from ops.dev import stack
from tests.ops.dev.services import Quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confluent_kafka.admin import PartitionMetadata

    from ops.dev.component import Component

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

STATE = Path(__file__).parents[3] / ".reflexarc" / "test-cluster"
EVERY = [1, 2, 3]
Found = TypeVar("Found")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Component]:
    stack.down(STATE, Quiet())
    shutil.rmtree(STATE)  # a new cluster for every run
    try:
        yield stack.up(STATE, only=["kafka"], brokers=3, report=Quiet())["kafka"]
    finally:
        stack.down(STATE, Quiet())


@pytest.fixture
def admin(cluster: Component) -> AdminClient:
    return AdminClient({"bootstrap.servers": cluster.endpoint or ""})


def note() -> str:
    return stack.status(STATE)["kafka"].note


def until(attempt: Callable[[], Found]) -> Found:
    """What ``attempt`` returns when it is true at last."""
    deadline = time.monotonic() + 60
    while not (found := attempt()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def created(admin: AdminClient, **options: int) -> str:
    """A new topic of one partition, which all nodes know and replicate."""
    topic = f"t{uuid.uuid4().hex[:10]}"
    config = {"min.insync.replicas": "2"}
    admin.create_topics([NewTopic(topic, 1, config=config, **options)])[topic].result(60)
    until(lambda: sorted(partition(admin, topic).isrs) == EVERY)
    return topic


def partition(admin: AdminClient, topic: str) -> PartitionMetadata:
    """What a node says of it, once one does that lives and has heard of the topic."""

    def found() -> dict[int, PartitionMetadata]:
        try:
            return admin.list_topics(topic, timeout=10).topics[topic].partitions
        except KafkaException:
            return {}

    return until(found)[0]


def produce(cluster: Component, topic: str) -> object:
    """What the brokers said to one record that all in-sync replicas must have; None when they took it."""
    said: list[object] = []
    producer = Producer({"bootstrap.servers": cluster.endpoint or "", "acks": "all", "message.timeout.ms": 60_000})
    producer.produce(topic, b"value", on_delivery=lambda error, _: said.append(error))
    producer.flush(60)
    return said[0]


def test_a_killed_leader_is_replaced_and_comes_back_as_a_replica(cluster: Component, admin: AdminClient) -> None:
    topic = created(admin, replication_factor=3)
    leader = partition(admin, topic).leader
    name = f"broker-{leader}"

    killed = stack.kill(STATE, "kafka", process=name)
    until(lambda: partition(admin, topic).leader not in (leader, -1))
    said = produce(cluster, topic)
    until(lambda: sorted(partition(admin, topic).isrs) == [node for node in EVERY if node != leader])
    started = stack.start(STATE, "kafka")

    assert said is None
    assert ("running", False, "2 of 3 brokers answer") == (killed.state, killed.answers, killed.note)
    assert [name] == [each for each, pid in killed.processes.items() if pid is None]
    assert ("running", True, cluster.endpoint) == (started.state, started.answers, started.endpoint)
    until(lambda: sorted(partition(admin, topic).isrs) == EVERY)


def test_a_paused_node_does_not_answer_until_it_is_resumed(cluster: Component) -> None:
    stack.pause(STATE, "kafka", process="broker-2")
    paused = note()
    stack.resume(STATE, "kafka", process="broker-2")

    assert "2 of 3 brokers answer" == paused
    until(lambda: note() == "")


def test_a_topic_has_three_copies_when_nothing_else_is_said(admin: AdminClient) -> None:
    assert EVERY == sorted(partition(admin, created(admin)).replicas)


def test_a_cluster_stays_one_when_its_stack_is_brought_up_again(cluster: Component) -> None:
    again = stack.up(STATE, only=["kafka"], report=Quiet())["kafka"]

    assert (cluster.endpoint, set(cluster.processes)) == (again.endpoint, set(again.processes))
