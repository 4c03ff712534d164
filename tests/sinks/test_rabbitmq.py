from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import aio_pika
import pytest
from pamqp import commands, frame
from pydantic import ValidationError
from yarl import URL

from schemas.cloudevents import json
from schemas.errors import Refused, Retry, Unavailable
from sinks.rabbitmq import RabbitMqConfig
from tests.sinks.bench import SECRET, SOON, Bench, event
from tests.sinks.conformance import Case, cases
from tests.sinks.relay import Relay

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

    from clients.http import Client
    from schemas.cloudevents import CloudEvent


class RabbitMqBench(Bench):
    """A queue of the real broker, reached through a relay that can go away."""

    def __init__(self, http: Client, folder: Path, url: URL, relay: Relay, queue: AbstractQueue) -> None:
        super().__init__(http, folder, url.password or "guest")
        self.username = url.user or "guest"
        self.relay = relay
        self.queue = queue
        self.scheme = "amqp"

    def settings(self) -> Mapping[str, Any]:
        return {
            "type": "rabbitmq",
            "url": f"{self.scheme}://127.0.0.1:{self.relay.port}",
            "username": self.username,
            "password_file": str(self.secret),
            "queue": self.queue.name,
        }

    async def delivered(self) -> list[CloudEvent]:
        return [json.loads(message.body) for message in await self.messages()]

    async def messages(self) -> list[AbstractIncomingMessage]:
        taken = []
        while message := await self.queue.get(no_ack=True, fail=False):
            taken.append(message)
        return taken

    async def leave(self) -> None:
        await self.relay.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.scheme = "amqps" if tls else "amqp"
        await self.relay.start(tls)

    def fall_silent(self) -> None:
        self.relay.silent = True


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
async def bench(
    client: Client, tmp_path: Path, amqp_url: str, channel: AbstractChannel, name: str
) -> AsyncIterator[RabbitMqBench]:
    url = URL(amqp_url)
    queue = await channel.declare_queue(name, durable=True)
    async with Relay(url.host or "", url.port or 5672) as relay:
        yield RabbitMqBench(client, tmp_path, url, relay, queue)
    await queue.delete(if_unused=False, if_empty=False)


@pytest.mark.stack
@pytest.mark.parametrize("case", cases("login"))
async def test_keeps_the_contract_of_sinks(case: Case, bench: RabbitMqBench) -> None:
    await case(bench)


@pytest.mark.stack
class TestMessage:
    async def test_carries_the_event_as_json_text_and_its_attributes_as_headers(self, bench: RabbitMqBench) -> None:
        sink = bench.sink()
        await sink.open()

        await sink.send(event())

        [message] = await bench.messages()
        assert json.dumps(event()) == message.body
        expected = {
            "content_type": "application/cloudevents+json",
            "content_encoding": "utf-8",
            "delivery_mode": aio_pika.DeliveryMode.PERSISTENT,
            "message_id": "https://vc1.example/sdk#vc1/i1/1",
            "correlation_id": None,
            "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
            "app_id": "reflexarc",
            "routing_key": bench.queue.name,
        }
        assert expected == {key: getattr(message, key) for key in expected}
        assert message.timestamp is not None
        assert "2026-11-20T09:36:17+00:00" == message.timestamp.isoformat()
        assert "vc1" == message.headers["ce-vcenter"]
        await sink.close()

    async def test_may_be_the_data_alone(self, bench: RabbitMqBench) -> None:
        sink = bench.sink(body="data")
        await sink.open()

        await sink.send(event())

        [message] = await bench.messages()
        assert (event().data, "application/json") == (message.body, message.content_type)
        await sink.close()


@pytest.mark.stack
class TestRoute:
    async def test_leads_through_an_exchange_by_a_key_made_of_attributes(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        exchange = await channel.declare_exchange(name, "topic", auto_delete=True)
        await bench.queue.bind(exchange, "vc.*.event.#")
        sink = bench.sink(queue=None, exchange=name, routing_key="vc.{vcenter}.{eventclass}.{subject}")
        await sink.open()

        await sink.send(event(subject="com.vmware.cis.tagging.attach"))

        [message] = await bench.messages()
        assert "vc.vc1.event.com_vmware_cis_tagging_attach" == message.routing_key
        await sink.close()

    async def test_that_ends_nowhere_makes_the_sink_unavailable_and_condemns_no_event(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        await channel.declare_exchange(name, "topic", auto_delete=True)
        sink = bench.sink(queue=None, exchange=name)
        await sink.open()

        with pytest.raises(Unavailable, match=f"no queue takes .* VmPoweredOffEvent .exchange {name}"):
            await sink.send(event())

        await sink.close()

    async def test_that_disappears_makes_the_sink_unavailable_until_it_is_back(
        self, bench: RabbitMqBench, channel: AbstractChannel
    ) -> None:
        sink = bench.sink()
        await sink.open()
        await bench.queue.delete(if_unused=False, if_empty=False)

        with pytest.raises(Unavailable):
            await sink.send(event())
        with pytest.raises(Unavailable, match="no queue"):
            await sink.open()
        bench.queue = await channel.declare_queue(bench.queue.name, durable=True)
        await sink.open()
        await sink.send(event())

        assert [event()] == await bench.delivered()
        await sink.close()

    async def test_may_be_created_as_a_durable_queue(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        created = f"{name}-created"
        sink = bench.sink(queue=created, declare=True)
        await sink.open()

        await sink.send(event())

        bench.queue = await channel.declare_queue(created, durable=True)
        assert [event()] == await bench.delivered()
        await sink.close()
        await bench.queue.delete(if_unused=False, if_empty=False)

    async def test_that_is_declared_otherwise_needs_a_person(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        other = await channel.declare_queue(f"{name}-other", durable=True, arguments={"x-max-length": 1})
        sink = bench.sink(queue=other.name, declare=True)

        with pytest.raises(Refused, match="inequivalent arg"):
            await sink.open()

        await sink.close()
        await other.delete(if_unused=False, if_empty=False)

    async def test_to_a_virtual_host_that_is_not_there_needs_a_person(self, bench: RabbitMqBench) -> None:
        sink = bench.sink(url=f"amqp://127.0.0.1:{bench.relay.port}/no%2Fwhere")

        with pytest.raises(Refused, match="no such virtual host"):
            await sink.open()

        await sink.close()


@pytest.mark.stack
class TestConfirmation:
    async def test_that_is_refused_is_a_retry(self, bench: RabbitMqBench, channel: AbstractChannel, name: str) -> None:
        arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
        full = await channel.declare_queue(f"{name}-full", durable=True, arguments=arguments)
        sink = bench.sink(queue=full.name)
        await sink.open()
        await sink.send(event(1))

        with pytest.raises(Retry, match="did not accept"):
            await sink.send(event(2))

        await sink.close()
        await full.delete(if_unused=False, if_empty=False)

    async def test_that_is_lost_with_the_connection_is_no_fault_of_the_event(self, bench: RabbitMqBench) -> None:
        sink = bench.sink()
        await sink.open()
        bench.fall_silent()
        waiting = asyncio.create_task(sink.send(event()))
        await asyncio.sleep(0)

        await bench.leave()

        with pytest.raises(Unavailable):
            await waiting
        await sink.close()

    async def test_that_is_late_because_the_broker_takes_nothing_is_no_fault_of_the_event(
        self, bench: RabbitMqBench
    ) -> None:
        sink = bench.sink(timeout=SOON)
        await sink.open()
        bench.relay.say(frame.marshal(commands.Connection.Blocked(reason="low on memory"), 0))
        bench.fall_silent()

        with pytest.raises(Unavailable, match="takes no messages"):
            await sink.send(event())

        await sink.close()

    async def test_is_asked_of_an_open_sink_only(self, bench: RabbitMqBench) -> None:
        with pytest.raises(Unavailable, match="not connected"):
            await bench.sink().send(event())


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"url": f"amqps://u:{SECRET}@host/"}, "holds credentials"),
        ({"url": "http://host/"}, "is not an amqp or amqps URL"),
        ({"url": "amqps://"}, "is not an amqp or amqps URL"),
        ({"url": "amqps://host:99999/"}, "is not an amqp or amqps URL"),
        ({"url": 5672}, "is not an amqp or amqps URL"),
        ({"url": "amqps://host/?heartbeat=1"}, "has a query"),
        ({"url": "amqp://host.example/"}, "unencrypted"),
        ({"queue": None}, "must be given, or exchange"),
        ({"exchange": "e"}, "must be given, or exchange"),
        ({"queue": None, "exchange": "e", "declare": True}, "creates queues only"),
        ({"routing_key": "{subject}"}, "no effect with a queue"),
        ({"queue": None, "exchange": "e", "routing_key": "{id}"}, "unknown field"),
        ({"queue": None, "exchange": "e", "routing_key": "{subject!r}"}, "unknown field"),
        ({"queue": None, "exchange": "e", "routing_key": "{"}, "expected '}'|Single '{'"),
        ({"insecure": True, "ca_file": "secret"}, "no effect with insecure"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)
    right = {"name": "s", "url": "amqps://host.example/", "username": "u", "password_file": "secret", "queue": "q"}

    with pytest.raises(ValidationError, match=what) as caught:
        RabbitMqConfig.model_validate({key: value for key, value in {**right, **fields}.items() if value is not None})

    assert SECRET not in str(caught.value)
