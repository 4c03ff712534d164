"""What an operator wants done with some letters: first looked at, then carried out."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from clients.kafka.admin import verify
from clients.kafka.publisher import Publisher
from clients.kafka.snapshot import Snapshot
from ops.deadletters.newer import Newest
from ops.deadletters.settling import Order, settle
from ops.signals import stop_event
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.deadletters.desk import Desk
    from ops.deadletters.letter import Letter
    from ops.deadletters.selection import Selection
    from ops.deadletters.settling import Tally
    from schemas.config import Config
    from schemas.settlement import Outcome


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An order, and the letters that it is about.

    Attributes:
        name: whose letters they are: a sink, ``ingest`` or ``router``.
        outcome: what shall become of them.
        selection: which of them; only open ones.
        limit: so many of them, at most.
        skip_if_newer: leave those alone that ``Newest`` outruns.
        rate: letters a second, at most.
        actor: who wants it.
        reason: why.
    """

    name: str
    outcome: Outcome
    selection: Selection
    limit: int | None = None
    skip_if_newer: bool = False
    rate: float | None = None
    actor: str
    reason: str = ""

    def letters(self, desk: Desk) -> Iterator[Letter]:
        """The letters that are meant, in the desk's order."""
        return islice(filter(self.selection.takes, desk.letters()), self.limit)


class Outlook(NamedTuple):
    """What a job would do.

    Attributes:
        matching: letters that are meant.
        outrun: those of them that stay open because of newer events.
        newest: what outruns them; None when nobody asked.
    """

    matching: int
    outrun: int
    newest: Newest | None


def look(config: Config, job: Job, desk: Desk) -> Outlook:
    """Count what a job would do; nothing is written.

    Raises:
        Unreachable: the brokers are away.
        Refused: an ACL or the sink's topic is missing.
    """
    if not job.skip_if_newer:
        return Outlook(sum(1 for _ in job.letters(desk)), 0, None)
    keys = [letter.key for letter in job.letters(desk)]
    topic = topics.sink(config.kafka.prefix, job.name)
    with Snapshot(config.kafka, topic, client_id=topics.group(config.kafka.prefix, topics.OPERATOR)) as given:
        newest = Newest(given.read(), frozenset(key for key in keys if key is not None))
    return Outlook(len(keys), sum(map(newest.outruns, job.letters(desk))), newest)


async def carry_out(
    config: Config, job: Job, desk: Desk, newest: Newest | None, tally: Tally, *, report: Callable[[], object]
) -> None:
    """Do it; SIGINT and SIGTERM end it after the portion that is under way.

    Args:
        config: the configuration.
        job: what to do.
        desk: whose letters it is about.
        newest: as looked at.
        tally: counted up, right also when this raises.
        report: called after each portion.

    Raises:
        Unreachable: Kafka is away.
        Refused: an ACL or a topic is missing, or differs from what the promises need.
    """
    prefix, stop = config.kafka.prefix, stop_event()
    needed = {topics.audit(prefix), topics.dead_letter(prefix, job.name)}
    if job.outcome == "redriven":
        needed.add(topics.events(prefix) if job.name == topics.UNROUTABLE else topics.sink(prefix, job.name))
    known = [topic for topic in topics.table(config) if topic.name in needed]
    verify(config.kafka, known, report=log.warning)
    order = Order(
        prefix=prefix,
        name=job.name,
        outcome=job.outcome,
        actor=job.actor,
        reason=job.reason,
        rate=job.rate,
        newest=newest,
    )
    publisher = Publisher(config.kafka, client_id=topics.group(prefix, topics.OPERATOR), topics=known)
    await publisher.start()
    try:
        await settle(order, job.letters(desk), publisher, tally, stopped=stop.is_set, report=report)
    finally:
        await publisher.close()
