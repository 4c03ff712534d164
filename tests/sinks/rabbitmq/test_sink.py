from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aio_pika
import pytest

from schemas.cloudevents import json
from schemas.errors import Refused, Reject, Retry, Unavailable
from tests.sinks.bench import event
from tests.sinks.conformance import Case, cases

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel

    from tests.sinks.rabbitmq.bench import RabbitMqBench


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
            "correlation_id": "vc1/i1/1",
            "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
            "app_id": "reflexarc",
            "routing_key": bench.queue.name,
        }
        assert expected == {key: getattr(message, key) for key in expected}
        assert message.timestamp is not None
        assert "2026-11-20T09:36:17+00:00" == message.timestamp.isoformat()
        assert "vc1" == message.headers["ce-vcenter"]
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

        with pytest.raises(Unavailable, match=f"no queue takes .* vc.vc1.event.VmPoweredOffEvent .exchange {name}"):
            await sink.send(event())

        await sink.close()

    async def test_that_ends_nowhere_is_the_end_of_the_event_when_the_configuration_says_so(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        await channel.declare_exchange(name, "topic", auto_delete=True)
        sink = bench.sink(queue=None, exchange=name, unroutable="dead-letter")
        await sink.open()

        with pytest.raises(Reject, match="no queue takes") as caught:
            await sink.send(event())

        assert "312" == caught.value.status
        await sink.close()

    async def test_that_ends_nowhere_leaves_what_is_beside_it_alone(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        exchange = await channel.declare_exchange(name, "topic", auto_delete=True)
        await bench.queue.bind(exchange, "right")
        sink = bench.sink(queue=None, exchange=name, routing_key="{subject}")
        await sink.open()
        subjects = ["wrong" if number % 3 == 0 else "right" for number in range(30)]

        said = await asyncio.gather(
            *(sink.send(event(number, subject=subject)) for number, subject in enumerate(subjects)),
            return_exceptions=True,
        )
        await sink.open()

        assert [subject == "wrong" for subject in subjects] == [isinstance(each, Unavailable) for each in said]
        assert [number for number in range(30) if number % 3] == sorted(
            int(each.id.rpartition("/")[2]) for each in await bench.delivered()
        )
        await sink.close()

    async def test_may_lead_to_an_exchange_that_the_event_names(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        exchange = await channel.declare_exchange(f"{name}.vc1", "topic", auto_delete=True)
        await bench.queue.bind(exchange, "vc.vc1.#")
        sink = bench.sink(queue=None, exchange=name + ".{vcenter}")
        await sink.open()
        elsewhere = event(2, extensions={"vcenter": "vc2"})

        said = await asyncio.gather(*map(sink.send, (event(1), elsewhere, event(3))), return_exceptions=True)

        assert [None, "404", None] == [each.status if isinstance(each, Retry) else each for each in said]
        assert [event(1), event(3)] == await bench.delivered()
        await sink.close()

    async def test_to_an_exchange_that_is_not_for_us_is_a_fault_of_the_event_that_names_it(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        await channel.declare_exchange(f"{name}.vc2", "topic", auto_delete=True, internal=True)
        exchange = await channel.declare_exchange(f"{name}.vc1", "topic", auto_delete=True)
        await bench.queue.bind(exchange, "vc.vc1.#")
        sink = bench.sink(queue=None, exchange=name + ".{vcenter}")
        await sink.open()

        with pytest.raises(Retry, match=f"exchange {name}.vc2 is not for us") as caught:
            await sink.send(event(2, extensions={"vcenter": "vc2"}))
        await sink.open()
        await sink.send(event(1))

        assert ("ACCESS_REFUSED", [event(1)]) == (caught.value.status, await bench.delivered())
        await sink.close()

    async def test_may_be_created_whole_and_twice(
        self, bench: RabbitMqBench, channel: AbstractChannel, name: str
    ) -> None:
        created = f"{name}-quorum"
        declare = {"exchange": "topic", "queue": created, "bindings": ["vc.*.event.#", "ce.#"]}
        sink = bench.sink(queue=None, exchange=name, declare=declare)
        await sink.open()
        await sink.open()

        await sink.send(event(1))
        await sink.send(event(2, extensions={}))

        bench.queue = await channel.declare_queue(created, durable=True, arguments={"x-queue-type": "quorum"})
        assert [event(1), event(2, extensions={})] == await bench.delivered()
        await sink.close()
        await bench.queue.delete(if_unused=False, if_empty=False)
        await channel.exchange_delete(name)

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

    async def test_is_asked_of_an_open_sink_only(self, bench: RabbitMqBench) -> None:
        with pytest.raises(Unavailable, match="not connected"):
            await bench.sink().send(event())
