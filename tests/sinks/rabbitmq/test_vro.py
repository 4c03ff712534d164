from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml

from ingest.webhook.adapters import log_alert
from tests.docs import pages
from tests.sinks.bench import event

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

    from tests.sinks.rabbitmq.bench import RabbitMqBench

pytestmark = pytest.mark.stack

PAGE = pages.ROOT / "docs" / "vro.md"
ISOLATE, WORKFLOWS = (next(iter(yaml.safe_load(block.text)["sinks"].values())) for block in pages.blocks("yaml", PAGE))
ALERT = (
    b'{"origin":"notifications","event":{"event_id":"01J53E4ZH23037GH75R","created_on":"2024-08-12T13:58:44.587000Z",'
    b'"message":"Self-healing datacenter - TEST","metadata":{"full_message":"<13>1 I am infected","source":"test01"}}}'
)


class Subscription:
    """What vRO's plug-in does with a queue that it only subscribes to: it declares nothing, and hands over text."""

    def __init__(self) -> None:
        self.payloads: asyncio.Queue[str] = asyncio.Queue()
        self.messages: list[AbstractIncomingMessage] = []

    async def to(self, channel: AbstractChannel, queue: str) -> None:
        subscribed = await channel.get_queue(queue)
        await subscribed.consume(self._on_message)

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        self.messages.append(message)
        await message.ack()
        self.payloads.put_nowait(message.body.decode(message.content_encoding or ""))

    async def payload(self) -> Any:
        async with asyncio.timeout(30):
            return orjson.loads(await self.payloads.get())


def of_the_page(sink: dict[str, Any], bench: RabbitMqBench) -> dict[str, Any]:
    """The sink as the page has it, but for the broker and the names."""
    here = {**sink, **{key: bench.settings()[key] for key in ("url", "username", "password_file")}}
    renamed = orjson.dumps(here).replace(b'"vro.', f'"{bench.queue.name}.'.encode())
    loaded: dict[str, Any] = orjson.loads(renamed.replace(b'"datacenter"', f'"{bench.queue.name}"'.encode()))
    return {"queue": None, **loaded}


async def test_a_log_alert_becomes_the_payload_of_a_workflow(bench: RabbitMqBench, channel: AbstractChannel) -> None:
    settings, subscription = of_the_page(ISOLATE, bench), Subscription()
    sink = bench.sink(**settings)
    await sink.open()
    await subscription.to(channel, settings["queue"])

    await sink.send(log_alert.to_event(ALERT))

    expected = orjson.loads(ALERT) | {"origin": settings["queue"]}
    assert expected == await subscription.payload()
    [message] = subscription.messages
    assert {str} == {type(value) for value in message.headers.values()}
    assert "/ingest/webhook/log-alert/notifications#01J53E4ZH23037GH75R" == message.message_id
    await sink.close()
    await channel.queue_delete(settings["queue"])


async def test_an_event_of_a_vcenter_becomes_the_payload_of_the_workflow_that_is_bound_to_it(
    bench: RabbitMqBench, channel: AbstractChannel
) -> None:
    settings, subscription = of_the_page(WORKFLOWS, bench), Subscription()
    sink = bench.sink(**settings)
    await sink.open()
    await subscription.to(channel, settings["declare"]["queue"])

    await sink.send(event(data=b'{"Vm":{"Name":"web-1 \xc3\xa9","Vm":{"Type":"VirtualMachine","Value":"vm-55"}}}'))

    payload = await subscription.payload()
    machine = payload["data"]["Vm"]
    assert ("web-1 é", "vm-55", "vc1") == (machine["Name"], machine["Vm"]["Value"], payload["vcenter"])
    await sink.close()
    await channel.queue_delete(settings["declare"]["queue"])
    await channel.exchange_delete(settings["exchange"])
