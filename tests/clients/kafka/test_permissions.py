"""Each component, as a user of its own, on a broker that allows nothing but what ``schemas.acls`` asks for."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Consumer, Producer
from faust.types import TP

from clients.kafka import admin, options
from clients.kafka.compacted import Compacted
from clients.kafka.deletion import delete_before
from clients.kafka.errors import explain
from clients.kafka.lag import Lag
from clients.kafka.publisher import Publisher
from clients.kafka.record import Outgoing
from clients.kafka.snapshot import Snapshot
from clients.kafka.transactions import Transactions
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.restore import restore
from ingest.vcenter.publishing.transaction import Transaction
from ops.dev import stack as dev
from ops.events.live import follow
from ops.remediation.parked import Parked
from ops.remediation.publishing import publish
from ops.remediation.switch import pause, resume
from schemas import topics
from schemas.acls import Acl, acls
from schemas.config import Config, KafkaConfig, RouteConfig, Secret, SecurityConfig, SinkConfig
from schemas.errors import Refused, Unreachable
from streams.routing.inventory import Inventory
from streams.trail.reader import Trail
from streams.transport.tables.changelog import replay
from tests.ingest.vcenter.events import START
from tests.ingest.vcenter.sharing.members import Member, settle
from tests.support.administrator import Administrator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Component
    from streams.transport import Record

pytestmark = pytest.mark.stack

PASSWORD = "a-password-of-the-tests"
COMPONENTS = (
    "ingest-vcenter",
    "ingest-webhook",
    "ingest-inventory",
    "worker-router",
    "worker-throttle",
    "worker-deliver",
    "operator",
    "replay",
    "tap",
)
THROTTLES = ("dc.throttle.storm", "dc.throttle-marks-changelog")
TOPICS = (
    "dc.events",
    "dc.checkpoints",
    "dc.assignments",
    "dc.inventory",
    "dc.sink.audit",
    "dc.dlq.audit",
    "dc.dlq.ingest",
    "dc.control",
    *THROTTLES,
)
MAY_WRITE = {
    "ingest-vcenter": {"dc.events", "dc.checkpoints", "dc.dlq.ingest"},
    "ingest-webhook": {"dc.events"},
    "ingest-inventory": {"dc.inventory"},
    "worker-router": {"dc.events", "dc.sink.audit", "dc.throttle.storm"},
    "worker-throttle": {"dc.events", "dc.sink.audit", *THROTTLES},
    "worker-deliver": {"dc.events", "dc.dlq.audit", "dc.dlq.ingest"},
    "operator": {"dc.events", "dc.sink.audit", "dc.dlq.audit", "dc.dlq.ingest", "dc.control"},
    "replay": {"dc.sink.audit"},
    "tap": set(),
}


def configured(kafka: KafkaConfig, *sinks: str) -> Config:
    storm = RouteConfig.model_validate({"name": "storm", "to": "audit", "throttle": {"once_within": "5m"}})
    made = {name: SinkConfig(name=name, type="http") for name in sinks}
    made["isolate"] = SinkConfig(name="isolate", type="remediation")
    return Config(kafka=kafka, routes=(storm,), sinks=made)


def silent(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def administrator(tmp_path_factory: pytest.TempPathFactory, state: Path) -> Iterator[Administrator]:
    folder = tmp_path_factory.mktemp("guarded")
    try:
        status = dev.up(folder, only=["kafka"], secure=True, cache=state.parent / "cache", report=silent)
        administrator = Administrator(super_user(status["kafka"]))
        config = configured(administrator.config, "audit")
        admin.create(administrator.config, topics.table(config), report=silent)
        for component in COMPONENTS:
            administrator.add_user(f"dc-{component}", PASSWORD)
        administrator.grant(map(asdict, acls(config)))
        yield administrator
    finally:
        dev.down(folder, silent)


def super_user(kafka: Component) -> KafkaConfig:
    security = SecurityConfig.model_validate(
        {
            "protocol": kafka.details["protocol"],
            "mechanism": kafka.details["mechanism"],
            "username": kafka.details["username"],
            "password": Secret.from_file(Path(kafka.details["password_file"])),
            "ca_file": kafka.details["ca_file"],
        }
    )
    return KafkaConfig(bootstrap=kafka.endpoint or "", prefix="dc", partitions=2, replication=1, security=security)


@pytest.mark.parametrize("component", COMPONENTS)
async def test_a_component_writes_where_it_must_and_nowhere_else(administrator: Administrator, component: str) -> None:
    publisher = Publisher(administrator.as_user(f"dc-{component}"), client_id="test")
    await publisher.start()
    written = {topic for topic in TOPICS if await takes(publisher, topic)}
    await publisher.close()
    assert MAY_WRITE[component] == written


async def takes(publisher: Publisher, topic: str) -> bool:
    try:
        await publisher.publish(topic, value=b"x", key=b"k")
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("component", "group", "topic"),
    [
        ("worker-router", "dc.router", "dc.events"),
        ("worker-throttle", "dc.throttle", "dc.throttle.storm"),
        ("worker-deliver", "dc.deliver", "dc.sink.audit"),
    ],
)
def test_a_worker_reads_and_commits_in_its_group(
    administrator: Administrator, component: str, group: str, topic: str
) -> None:
    write(administrator.config, topic)
    reader = options.consumer(administrator.as_user(f"dc-{component}"), group, client_id="test")
    consumer = Consumer(reader | {"auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    message = consumer.poll(30)
    assert message is not None
    assert None is message.error()
    (committed,) = consumer.commit(message=message, asynchronous=False)
    consumer.close()
    assert None is committed.error


def write(kafka: KafkaConfig, topic: str) -> None:
    producer = Producer(options.producer(kafka, client_id="test"))
    producer.produce(topic, b"x", b"k")
    assert producer.flush(30) == 0


def test_vcenter_ingest_shares_shards_writes_a_transaction_and_reads_its_checkpoints(
    administrator: Administrator,
) -> None:
    kafka = administrator.as_user("dc-ingest-vcenter")
    member = Member(kafka, "one")
    settle(member)
    claim = member.membership.claim([1])
    assert claim is not None
    producer = Transaction(kafka, client_id="test", transactional_id="dc.ingest-vcenter.one", given_up=lambda: False)
    producer.open()
    checkpoint = Checkpoint(vcenter="vc1", instance_uuid="4c", time=START, since=START)
    others = Outgoing("dc.checkpoints", None, b"k")  # what another test has written is no checkpoint
    written = (Outgoing("dc.events", b"event", b"k"), others, Outgoing("dc.checkpoints", checkpoint.dumps(), b"vc1"))
    producer.commit(written, claim)
    assert {"vc1": checkpoint} == restore(kafka, [1])
    member.membership.leave()


def test_a_throttle_writes_its_changelog_in_transactions_and_reads_it(administrator: Administrator) -> None:
    kafka = administrator.as_user("dc-worker-throttle")
    name, changelog = "dc.throttle-0", "dc.throttle-marks-changelog"
    marks = Transactions(kafka, client_id="test", transactional_id=name, given_up=lambda: False)
    marks.open()
    (position,) = marks.write([Outgoing(changelog, b"[1,2]", b"storm/0/a", partition=0)])
    marks.close()
    # Its next owner opens the name first: until then the end of the transaction may be untold.
    again = Transactions(kafka, client_id="test", transactional_id=name, given_up=lambda: False)
    again.open()
    again.close()
    read: list[Record] = []
    given = options.consumer(kafka, "dc.throttle", client_id="test")
    assert replay(given, [TP(changelog, 0)], read.extend, explain=partial(explain, config=kafka), stopped=lambda: False)
    assert (position.offset, b"storm/0/a") == (read[-1].offset, read[-1].key)


def test_the_operator_creates_topics_under_the_prefix_only(administrator: Administrator) -> None:
    kafka = administrator.as_user("dc-operator")
    wanted = topics.table(configured(kafka, "audit", "functions"))
    done = admin.create(kafka, wanted, report=silent)
    assert {"dc.sink.functions", "dc.dlq.functions"} == set(done.created)
    assert len(wanted) == len(admin.describe(kafka, wanted))

    foreign = kafka.model_copy(update={"prefix": "other"})
    with pytest.raises(Refused):
        admin.create(foreign, topics.table(configured(foreign)), report=silent)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_may_look_for_drift_in_its_topics(administrator: Administrator, component: str) -> None:
    kafka = administrator.as_user(f"dc-{component}")
    concerned = [
        topic
        for topic in topics.table(configured(kafka, "audit"))
        if any(concerns(acl, topic.name) for acl in acls(configured(kafka)) if acl.component == component)
    ]
    assert [] == admin.drift(kafka, concerned)


def concerns(acl: Acl, topic: str) -> bool:
    return acl.resource == "topic" and (topic == acl.name or (acl.pattern == "prefixed" and topic.startswith(acl.name)))


async def test_a_publisher_that_was_not_allowed_to_works_once_it_is(administrator: Administrator) -> None:
    administrator.add_user("latecomer", PASSWORD)
    publisher = Publisher(administrator.as_user("latecomer"), client_id="test")
    await publisher.start()
    assert not await takes(publisher, "dc.events")

    await admit(administrator, "latecomer")
    async with asyncio.timeout(30):
        while not await takes(publisher, "dc.events"):
            await asyncio.sleep(0.01)
    await publisher.close()


async def test_a_password_that_is_away_for_a_while_does_not_end_a_publisher(
    administrator: Administrator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    administrator.add_user("forgetful", PASSWORD)
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    kafka = administrator.as_user("forgetful")
    security = kafka.security.model_copy(update={"password": Secret.from_file(password)})
    publisher = Publisher(kafka.model_copy(update={"security": security}), client_id="test")
    await publisher.start()
    password.unlink()
    async with asyncio.timeout(30):
        while "cannot replace the producer" not in caplog.text:
            assert not await takes(publisher, "dc.events")
            await asyncio.sleep(0.01)  # A refusal known beforehand lets nobody else run.

    password.write_text(PASSWORD)
    await admit(administrator, "forgetful")
    async with asyncio.timeout(30):
        while not await takes(publisher, "dc.events"):
            await asyncio.sleep(0.01)
    await publisher.close()


async def admit(administrator: Administrator, user: str) -> None:
    webhook = [acl for acl in acls(configured(administrator.config)) if acl.component == "ingest-webhook"]
    await asyncio.to_thread(administrator.grant, [asdict(replace(acl, principal=f"User:{user}")) for acl in webhook])


def test_the_operator_reads_dead_letters_and_how_far_delivery_is(administrator: Administrator) -> None:
    kafka = administrator.as_user("dc-operator")
    with Snapshot(kafka, "dc.dlq.audit", client_id=topics.group("dc", "operator")) as letters:
        assert sum(high - low for low, high in letters.spans.values()) == len(list(letters.read()))
    with closing(Lag(kafka, "dc.deliver", client_id="test")) as lag:
        assert None is not lag.of("dc.sink.audit")
    with closing(Lag(kafka, "dc.deliver.audit", client_id="test")) as lag:
        assert None is not lag.of("dc.events")


def test_the_operator_answers_reads_the_audit_and_turns_the_switch(administrator: Administrator) -> None:
    """What `remediation` and `audit` do, and what an answer needs."""
    kafka = administrator.as_user("dc-operator")
    topic = topics.requests("dc", urgent=True)
    assert 1 == len(asyncio.run(publish(kafka, [Outgoing(topic, b"x", b"vc1")])))
    assert {} == Parked(kafka).decisions
    assert pause(kafka, actor="eve", reason="", within=30.0).anew
    assert resume(kafka, actor="eve", reason="").anew
    with Trail(kafka, datetime.fromtimestamp(0, UTC)) as trail:
        assert ["paused", "resumed"] == sorted(entry.step for entry in trail.present())


@pytest.mark.parametrize("component", COMPONENTS)
def test_nobody_deletes_records_but_the_operator_dead_letters(administrator: Administrator, component: str) -> None:
    deleted = set()
    for topic in TOPICS:
        with suppress(Refused, Unreachable):  # a topic that we may not see has no leader
            delete_before(administrator.as_user(f"dc-{component}"), topic, {0: 0})
            deleted.add(topic)
    assert ({"dc.dlq.audit", "dc.dlq.ingest"} if component == "operator" else set()) == deleted


def test_a_tap_shows_events_and_the_router_s_inventory_is_open_to_who_asks_it(administrator: Administrator) -> None:
    write(administrator.config, "dc.events")
    shown = follow(administrator.as_user("dc-tap"), back=3_600, stopped=lambda: False, end=True)
    assert b"x" in [stored.value for _, stored in shown]
    for component in ("dc-tap", "dc-replay", "dc-operator"):
        with closing(Inventory(administrator.as_user(component))) as inventory:
            inventory.start()
            assert inventory.wait(30), inventory.problems()


@pytest.mark.parametrize(
    ("component", "topic", "name"),
    [
        ("ingest-inventory", "dc.inventory", "ingest-inventory"),
        ("worker-router", "dc.inventory", "router"),
        ("worker-deliver", "dc.control", "deliver"),
        ("operator", "dc.control", "operator"),
    ],
)
def test_a_compacted_topic_is_read_to_its_end(
    administrator: Administrator, component: str, topic: str, name: str
) -> None:
    kafka = administrator.as_user(f"dc-{component}")
    with closing(Compacted(kafka, topic, client_id=topics.group("dc", name))) as reader:
        while not reader.complete:
            reader.read(5)
        reader.read(3)
