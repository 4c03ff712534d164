"""Batch by batch: read, choose, write, and only then remember."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from clients.kafka.errors import PublishRejected
from ops.replay.pace import Pace
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing
    from ops.replay.bookmark import Bookmark
    from ops.replay.choice import Chosen, ReplayChoice
    from ops.replay.reader import Read, Reader

PAUSE: Final = 1.0
"""Seconds between two attempts to write while the brokers are away."""

NAMED: Final = 10
"""Records that could not be written and are named one by one; all are counted."""


class Watcher(Protocol):
    """Whoever looks on."""

    def say(self, line: str) -> None:
        """Take a line for the operator."""

    def see(self, bookmark: Bookmark) -> None:
        """Take notice of how far it is."""


class Run(NamedTuple):
    """What a run needs.

    Attributes:
        reader: has begun at the bookmark.
        choice: decides.
        publisher: where records go; None writes nothing.
        keep: stores the bookmark, each time everything before it is stored.
        watcher: looks on.
    """

    reader: Reader
    choice: ReplayChoice
    publisher: Publisher | None
    keep: Callable[[Bookmark], None]
    watcher: Watcher

    async def go_on(self, bookmark: Bookmark, stop: asyncio.Event) -> Bookmark:
        """Work until all is done, or ``stop`` is set; how far that is, ``left`` being zero when all is done.

        Of one partition events are written in their order. A batch is written before it is remembered: who goes on from
        a bookmark may write one batch again, and leaves none out.

        Raises:
            Refused: an ACL is missing, or a topic.
            ReflexarcError: reading or writing has come to an end; the bookmark that was kept last holds.
        """
        pace, named, last = Pace(bookmark.request.rate), 0, monotonic()
        while not stop.is_set():
            read = await asyncio.to_thread(self.reader.read, pace.most)
            if read is None:
                break
            batch = [self.choice.of(stored) for _, stored in read.records]
            rejected = await self._written(batch, stop)
            if rejected is None:
                break
            for line in _refusals(read, batch)[: NAMED - named]:
                named += 1
                self.watcher.say(line)
            for sink, why in rejected[: NAMED - named]:
                named += 1
                self.watcher.say(f"{sink}: {why}")
            now = monotonic()
            tally = bookmark.tally.plus(batch, now - last, [sink for sink, _ in rejected])
            bookmark, last = bookmark.model_copy(update={"spans": read.spans, "tally": tally}), now
            self.keep(bookmark)
            self.watcher.see(bookmark)
            await _pause(pace.after(sum(each.skipped is None for each in batch)), stop)
        return bookmark

    async def _written(self, batch: Sequence[Chosen], stop: asyncio.Event) -> list[tuple[str, PublishRejected]] | None:
        """Sinks whose record Kafka will never take, and why; None when it was stopped before all is stored."""
        made = [record for each in batch for record in each.made]
        if self.publisher is None or not made:
            return []
        outgoing: list[Outgoing] = [record for _, record in made]
        told = False
        while True:
            try:
                outcomes = await self.publisher.publish_many(outgoing)
            except Unreachable as error:
                if not told:
                    self.watcher.say(f"waiting: {error}")
                    told = True
                await _pause(PAUSE, stop)
                if stop.is_set():
                    return None
            else:
                return [
                    (sink, outcome)
                    for (sink, _), outcome in zip(made, outcomes, strict=True)
                    if isinstance(outcome, PublishRejected)
                ]


def _refusals(read: Read, batch: Sequence[Chosen]) -> list[str]:
    return [
        f"{place}, for {sink}: {why}"
        for (place, _), each in zip(read.records, batch, strict=True)
        for sink, why in each.refused
    ]


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait so long, or until asked to stop."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
