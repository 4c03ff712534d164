"""``reflexarc`` with one guarantee of the webhook switched off: the environment variable MUTANT names one."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ingest.webhook.batches import Batches
from ingest.webhook.intake import Intake
from ops.cli import main
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing
    from schemas.cloudevents import CloudEvent


def answers_early() -> None:
    """202 when the producer has the events, before the broker's ack."""
    accept, tasks = Intake.accept, set[asyncio.Task[None]]()

    async def see_through(self: Intake, events: Sequence[CloudEvent]) -> None:
        with suppress(ReflexarcError):
            await accept(self, events)

    async def early(self: Intake, events: Sequence[CloudEvent]) -> None:
        task = asyncio.create_task(see_through(self, events))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    Intake.accept = early  # type: ignore[method-assign]


def splits_batches() -> None:
    """Each event of a batch in a transaction of its own."""
    write = Batches.write

    async def one_by_one(self: Batches, records: Sequence[Outgoing], *, patience: float) -> None:
        for record in records:
            await write(self, [record], patience=patience)

    Batches.write = one_by_one  # type: ignore[method-assign]


MUTANTS: Final = {"answers-early": answers_early, "splits-batches": splits_batches}


if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    main()
