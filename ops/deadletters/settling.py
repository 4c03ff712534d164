"""Letters are sent again or dropped, portion by portion, and the topic is told what became of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from ops import audit
from ops.deadletters.again import again
from ops.deadletters.portions import portions
from schemas.settlement import Settlement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from clients.kafka.publisher import Publisher
    from ops.deadletters.letter import Letter
    from ops.deadletters.newer import Newest
    from schemas.settlement import Outcome

LONGEST_ID = 200
"""Characters of an event's id in the audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an operator wants done.

    Attributes:
        prefix: topic prefix.
        name: whose letters they are: a sink, ``ingest`` or ``router``.
        outcome: what shall become of them.
        actor: who wants it.
        reason: why; may be empty.
        rate: letters a second; None: as fast as it goes.
        newest: letters that it outruns stay as they are; None: none does.
    """

    prefix: str
    name: str
    outcome: Outcome
    actor: str
    reason: str = ""
    rate: float | None = None
    newest: Newest | None = None


@dataclass(slots=True)
class Tally:
    """What became of the letters that were meant; all others of them are open as before.

    Attributes:
        settled: re-driven or dropped, and noted as that.
        skipped: outrun by a newer event.
        refused: how many Kafka will not take, by its reason.
    """

    settled: int = 0
    skipped: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        """Letters that came up at all."""
        return self.settled + self.skipped + self.refused.total()


async def settle(
    order: Order,
    letters: Iterable[Letter],
    publisher: Publisher,
    tally: Tally,
    *,
    stopped: Callable[[], bool],
    report: Callable[[], object] = lambda: None,
) -> None:
    """Carry out an order, at least once: a letter is sent before it is noted as sent.

    A kill in between, or an outage of Kafka, leaves up to one portion of letters open that were sent: the next run
    sends them again, with the same ids. Letters of one key keep their order.

    Args:
        order: what to do.
        letters: those that are meant, all of them open; read while they are settled.
        publisher: started.
        tally: counted up portion by portion, right also when this raises.
        stopped: asked between portions; true ends early.
        report: called after each portion.

    Raises:
        Unreachable: Kafka is away.
        Refused: an ACL or a topic is missing.
    """
    began = monotonic()
    for portion in portions(letters, rate=order.rate):
        if stopped():
            return
        meant = [letter for letter in portion if order.newest is None or not order.newest.outruns(letter)]
        tally.skipped += len(portion) - len(meant)
        sent = await _sent(order, meant, publisher, tally) if order.outcome == "redriven" else meant
        await _note(order, sent, publisher)
        tally.settled += len(sent)
        report()
        if order.rate is not None:
            await _until(began + tally.seen / order.rate, stopped)


async def _sent(order: Order, letters: Sequence[Letter], publisher: Publisher, tally: Tally) -> list[Letter]:
    """Send them; those that Kafka has."""
    records = [again(order.prefix, order.name, letter) for letter in letters]
    taken = []
    for letter, result in zip(letters, await publisher.publish_many(records), strict=True):
        if isinstance(result, PublishRejected):
            tally.refused[result.message] += 1
        else:
            taken.append(letter)
    return taken


async def _note(order: Order, letters: Sequence[Letter], publisher: Publisher) -> None:
    """Say in the topic and in the audit what became of them."""
    if not letters:
        return
    now = datetime.now(UTC)
    kind = audit.LETTERS_REDRIVEN if order.outcome == "redriven" else audit.LETTERS_DROPPED
    more = {"letters": [_named(letter) for letter in letters]}
    told = audit.acted(order.prefix, kind, order.name, actor=order.actor, reason=order.reason, now=now, more=more)
    notes = [
        Outgoing(
            letter.topic,
            None,
            headers=Settlement(letter.offset, order.outcome).headers(order.actor, now),
            partition=letter.partition,
        )
        for letter in letters
    ]
    for result in await publisher.publish_many([*notes, told]):
        if isinstance(result, PublishRejected):
            raise result


def _named(letter: Letter) -> dict[str, Any]:
    return {"at": letter.place, "id": letter.attribute("id")[:LONGEST_ID]}


async def _until(moment: float, stopped: Callable[[], bool]) -> None:
    while not stopped() and (left := moment - monotonic()) > 0:  # noqa: ASYNC110 - who asks to stop may be a thread
        await asyncio.sleep(min(left, 0.2))
