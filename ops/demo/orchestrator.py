"""The other side of RabbitMQ: reads the queue as an Orchestrator (vRO) subscription would.

``python -m ops.demo.orchestrator --url amqp://… --queue NAME --out FILE``; the password comes from the environment
variable ``AMQP_PASSWORD``. Prints ``ready`` once it consumes; writes a message to its file before it acknowledges.

With ``--config FILE --vcenter NAME`` it also does what the workflow "Disable vNIC" does: disconnects every network card
of the machine that the message names, with a log-in of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aio_pika
import orjson
from yarl import URL

from clients.vsphere.session import Session
from ops.demo import simulators
from ops.demo.journal import Journal
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aio_pika.abc import AbstractIncomingMessage

    from schemas.config import VcenterConfig


async def consume(url: str, queue_name: str, out: Path, workflow: Callable[[str], None]) -> None:
    """Consume until cancelled; ``workflow`` is given each body, in a thread."""
    journal = Journal(out)
    connection = await aio_pika.connect_robust(url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(queue_name, durable=True)

        async def take(message: AbstractIncomingMessage) -> None:
            async with message.process():
                journal.write(
                    {
                        "at": time.time(),
                        "id": str(message.message_id),
                        "routing_key": message.routing_key,
                        "content_type": message.content_type,
                        "body": message.body.decode(),
                    }
                )
                await asyncio.to_thread(workflow, message.body.decode())

        await queue.consume(take)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def disable_vnic(config: VcenterConfig, body: str) -> None:
    """Disconnect the machine that an alert names."""
    name = orjson.loads(body)["event"]["metadata"]["source"]
    with Session(config) as session:
        simulators.connect(session, name, connected=False)


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the arguments and consume."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queue", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--vcenter")
    args = parser.parse_args(argv)
    workflow: Callable[[str], None] = lambda _: None  # noqa: E731 - a default
    if args.config:
        vcenters = load(args.config, sink_models=model, sink_types=tuple(SINKS)).vcenters
        workflow = partial(disable_vnic, vcenters[args.vcenter])
    password = os.environ.get("AMQP_PASSWORD")
    url = URL(args.url)
    asyncio.run(consume(str(url.with_password(password) if password else url), args.queue, args.out, workflow))


if __name__ == "__main__":
    main()
