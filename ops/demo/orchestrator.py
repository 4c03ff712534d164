"""The other side of RabbitMQ: reads the queue as an Orchestrator (vRO) subscription would.

``python -m ops.demo.orchestrator --url amqp://… --queue NAME --out FILE``; the password comes from the environment
variable ``AMQP_PASSWORD``. Prints ``ready`` once it consumes; writes a message to its file before it acknowledges.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import aio_pika
from yarl import URL

from ops.demo.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aio_pika.abc import AbstractIncomingMessage


async def consume(url: str, queue_name: str, out: Path) -> None:
    """Consume until cancelled."""
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

        await queue.consume(take)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the arguments and consume."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queue", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    password = os.environ.get("AMQP_PASSWORD")
    url = URL(args.url)
    asyncio.run(consume(str(url.with_password(password) if password else url), args.queue, args.out))


if __name__ == "__main__":
    main()
