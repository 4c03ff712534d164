"""``reflexarc`` with one guarantee of self-service switched off: the environment variable MUTANT names one.

A fault test that stays green under its mutant proves nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from typing import TYPE_CHECKING, Final

from ops.cli import main
from schemas.remediation.request import request_id
from streams.commanding.call import Call
from streams.commanding.clerk import Clerk
from streams.delivery.agent import Delivery

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from streams.transport import Chunk

HERE: Final = uuid.uuid4().hex
"""Of this process alone."""

AWHILE: Final = 3.0
"""Seconds; until then a place in Kafka is committed that was reported."""


def report_early() -> None:
    """The role calls a command done when it gets it, not when Kafka has what follows from it; that takes a while."""
    deliver, hear = Delivery.deliver, Clerk.send

    async def early(self: Delivery, chunk: Chunk) -> None:
        for record in chunk.records:
            chunk.lease.done(record.offset)
        await deliver(self, chunk)

    async def late(self: Clerk, event: CloudEvent) -> None:
        await asyncio.sleep(AWHILE)
        await hear(self, event)

    Delivery.deliver = early  # type: ignore[method-assign]
    Clerk.send = late  # type: ignore[method-assign]


def number_attempts() -> None:
    """The id of an action is that of the attempt to hear its command, not of the command."""

    def id_(self: Call, verb: str) -> str:
        return request_id(f"command/{verb}", self.source, f"{self.event} {HERE}")

    Call.id = id_  # type: ignore[method-assign]


MUTANTS: Final = {"report-early": report_early, "number-attempts": number_attempts}

if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    sys.exit(main())
