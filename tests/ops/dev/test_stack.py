from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aio_pika
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from yarl import URL

from ops.dev import stack
from ops.dev.process import Process
from schemas.errors import ReflexarcError
from tests.ops.dev.services import Quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Component, Status
    from tests.ops.dev.conftest import Run

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

CACHE = Path(__file__).parents[3] / ".reflexarc" / "cache"
SLEEP = "import time; time.sleep(60)"


@contextmanager
def running(state: Path, **options: Any) -> Iterator[Status]:
    try:
        yield stack.up(state, cache=CACHE, report=Quiet(), **options)
    finally:
        stack.down(state, Quiet())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A private stack for every test that leaves it running."""
    state = tmp_path_factory.mktemp("stack")
    with running(state):
        yield state


def processes_of(state: Path) -> list[str]:
    """Every process of this machine that was started for a stack, by its environment or arguments."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(state) in told and int(entry.name) != os.getpid():
            found.append(told[:100].decode(errors="replace"))
    return found


def login(component: Component) -> dict[str, str]:
    details = component.details
    return {
        "bootstrap.servers": component.endpoint or "",
        "security.protocol": details["protocol"],
        "sasl.mechanism": details["mechanism"],
        "sasl.username": details["username"],
        "sasl.password": Path(details["password_file"]).read_text().strip(),
        "ssl.ca.location": details["ca_file"],
    }


def produce(properties: dict[str, Any], value: bytes) -> object:
    """What the broker said to one record; None when it took it."""
    said: list[object] = []
    producer = Producer({**properties, "message.timeout.ms": 30_000})
    producer.produce("kept", value, partition=0, on_delivery=lambda error, _: said.append(error))
    producer.flush(30)
    return said[0]


def first_record(endpoint: str) -> bytes | None:
    consumer = Consumer({"bootstrap.servers": endpoint, "group.id": "reader"})
    try:
        consumer.assign([TopicPartition("kept", 0, 0)])
        message = consumer.poll(30)
        assert message is not None
        return message.value()
    finally:
        consumer.close()


def create_topic(properties: dict[str, Any]) -> None:
    admin = AdminClient(properties)  # its futures fail when it is no longer referenced
    admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(30)


def amqp_url(broker: Component) -> str:
    secret = Path(broker.details["password_file"]).read_text().strip()
    return str(URL(broker.endpoint or "").with_user(broker.details["username"]).with_password(secret))


def test_every_part_is_real_and_answers(shared: Path) -> None:
    status = stack.status(shared)

    assert {"kafka", "rabbitmq", "vc1", "vc2"} == {part.name for part in status.components}
    assert all(part.real and part.state == "running" and part.answers for part in status.components)


def test_up_twice_changes_nothing(shared: Path) -> None:
    before = stack.status(shared)

    assert before == stack.up(shared, cache=CACHE, report=Quiet())


def test_an_unknown_topic_is_an_error_and_not_made(shared: Path) -> None:
    admin = AdminClient({"bootstrap.servers": stack.status(shared)["kafka"].endpoint or ""})

    found = admin.list_topics("nobody-made-this", timeout=30).topics["nobody-made-this"]

    assert "Unknown topic or partition" in str(found.error)


def test_a_killed_broker_comes_back_at_the_same_endpoint_with_its_records(shared: Path) -> None:
    before = stack.status(shared)["kafka"]
    endpoint = before.endpoint or ""
    create_topic({"bootstrap.servers": endpoint})
    assert produce({"bootstrap.servers": endpoint}, b"still here") is None

    killed = stack.kill(shared, "kafka")
    after = stack.start(shared, "kafka")

    assert ("stopped", None) == (killed.state, killed.pid)
    assert endpoint == after.endpoint
    assert b"still here" == first_record(endpoint)


def test_a_restarted_simulator_keeps_its_endpoint_certificate_and_credentials(shared: Path) -> None:
    before = stack.status(shared)["vc1"]
    files = [Path(before.details[name]) for name in ("ca_file", "password_file")]
    contents = [file.read_text() for file in files]

    after = stack.restart(shared, "vc1")

    assert (before.endpoint, before.details) == (after.endpoint, after.details)
    assert contents == [file.read_text() for file in files]
    assert before.pid != after.pid


async def test_a_killed_rabbitmq_comes_back_at_the_same_endpoint_with_its_queues(shared: Path) -> None:
    broker = stack.status(shared)["rabbitmq"]
    url = amqp_url(broker)
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True)
        kept = aio_pika.Message(b"still here", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(kept, "kept")

    await asyncio.to_thread(stack.kill, shared, "rabbitmq")
    after = await asyncio.to_thread(stack.start, shared, "rabbitmq")

    assert broker.endpoint == after.endpoint
    async with await aio_pika.connect(url) as connection:
        queue = await (await connection.channel()).declare_queue("kept", passive=True)
        message = await queue.get(timeout=10)
        assert b"still here" == message.body
        await message.ack()


def test_a_dead_part_is_shown_as_stopped_and_up_starts_it_alone(shared: Path) -> None:
    before = stack.status(shared)
    os.kill(before["vc2"].pid or 0, signal.SIGKILL)
    Process.read(shared / "vc2" / "simulator.pid").kill()  # waits until it is gone

    dead = stack.status(shared)["vc2"]
    after = stack.up(shared, cache=CACHE, report=Quiet())

    assert "stopped" == dead.state
    assert before["vc2"].endpoint == after["vc2"].endpoint
    assert before["kafka"].pid == after["kafka"].pid


def test_down_leaves_no_process_behind(tmp_path: Path) -> None:
    with running(tmp_path):
        assert processes_of(tmp_path) != []

    assert [] == processes_of(tmp_path)
    assert {"stopped"} == {part.state for part in stack.status(tmp_path).components}


def test_down_leaves_a_stranger_alone_whose_pid_is_in_our_file(tmp_path: Path, run: Run) -> None:
    stranger = run(SLEEP)
    with running(tmp_path, only=["vcsim"]):
        stack.stop(tmp_path, "vc1")
        Process(stranger.pid, "another boot:1").write(tmp_path / "vc1" / "simulator.pid")

    assert stranger.alive()


def test_the_users_own_are_taken_and_forgotten_but_never_stopped(tmp_path: Path) -> None:
    given = {"bootstrap": "kafka:9092", "vcenters": ["https://u:p@vc/sdk"], "amqp": "amqp://rabbit/"}
    with running(tmp_path, **given) as status:
        assert ["kafka:9092", "amqp://rabbit/", "https://vc/sdk"] == [part.endpoint for part in status.components]
        assert {"external"} == {part.state for part in status.components}

    assert () == stack.status(tmp_path).components


def test_the_users_own_broker_replaces_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with running(tmp_path, only=["kafka"]) as before:
        after = stack.up(tmp_path, bootstrap="kafka:9092", only=["kafka"], report=Quiet())

        assert "external" == after["kafka"].state
        assert Process.find(before["kafka"].pid or 0) is None


def test_without_java_an_in_process_broker_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with running(tmp_path, only=["kafka"]) as status:
        broker = status["kafka"]
        metadata = AdminClient({"bootstrap.servers": broker.endpoint or ""}).list_topics(timeout=30)

        assert ("running", False) == (broker.state, broker.real)
        assert "no java on this machine" in broker.note
        assert 1 == len(metadata.brokers)


def test_without_go_recorded_pages_take_the_place_of_the_simulators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    status = stack.up(tmp_path, cache=tmp_path / "empty", only=["vcsim"], report=Quiet())

    for part in status.components:
        scheme, _, folder = (part.endpoint or "").partition(":")
        assert ("absent", False, "recorded") == (part.state, part.real, scheme)
        assert "no go on this machine" in part.note
        assert list(Path(folder).glob("*.xml.gz"))


def test_without_rabbitmq_that_part_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    part = stack.up(tmp_path, only=["rabbitmq"], report=Quiet())["rabbitmq"]

    assert ("absent", False, None) == (part.state, part.real, part.endpoint)
    assert part.note


def test_a_secure_broker_has_no_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ReflexarcError, match="no java on this machine"):
        stack.up(tmp_path, only=["kafka"], secure=True, report=Quiet())


def test_a_cluster_has_no_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ReflexarcError, match="no java on this machine"):
        stack.up(tmp_path, only=["kafka"], brokers=3, report=Quiet())


@pytest.mark.parametrize(
    ("data", "brokers", "made"), [("data", 3, "with 1 broker "), ("broker-1/data", 1, "with 3 brokers ")]
)
def test_the_number_of_brokers_is_built_into_their_data(tmp_path: Path, data: str, brokers: int, made: str) -> None:
    (tmp_path / "kafka" / data).mkdir(parents=True)

    with pytest.raises(ReflexarcError, match=rf"was made {made}.*another --state, or .* remove {tmp_path}/kafka"):
        stack.up(tmp_path, only=["kafka"], brokers=brokers, report=Quiet())

    assert () == stack.status(tmp_path).components


def test_a_stand_in_that_runs_does_not_become_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        running(tmp_path, only=["kafka"]),
        pytest.raises(ReflexarcError, match="was made with 1 broker "),
    ):
        stack.up(tmp_path, only=["kafka"], brokers=3, report=Quiet())


def test_a_secure_broker_knows_its_users_and_allows_nothing_by_default(tmp_path: Path) -> None:
    with running(tmp_path, only=["kafka"], secure=True) as status:
        admin = login(status["kafka"])
        create_topic(admin)

        assert produce(admin, b"allowed") is None
        with pytest.raises(ReflexarcError, match="made with --secure"):
            stack.up(tmp_path, cache=CACHE, only=["kafka"], report=Quiet())


def test_a_component_that_the_stack_does_not_run_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(ReflexarcError, match="this stack runs no 'kafka'"):
        stack.start(tmp_path, "kafka")
