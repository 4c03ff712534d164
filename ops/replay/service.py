"""One replay from its beginning, or from where it was interrupted, to its end."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.kafka import admin
from clients.kafka.publisher import Publisher
from ops.actor import myself
from ops.replay import word
from ops.replay.bookmark import Bookmark
from ops.replay.choice import ReplayChoice
from ops.replay.reader import Reader
from ops.replay.run import Run
from ops.signals import stop_event
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.kafka.record import Outgoing
    from ops.replay.plan import Plan
    from ops.replay.run import Watcher
    from schemas.config import Config
    from schemas.topics import Topic
    from streams.filters.entity import Known
    from streams.filters.view import View


def new_id() -> str:
    """A name that no other replay has, and that says when it was begun."""
    return f"{datetime.now(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"


async def replay(
    config: Config,
    plan: Plan,
    start: Bookmark | str,
    keep: Callable[[Bookmark], None] | None,
    *,
    inventory: Callable[[View], Known] | None,
    watcher: Watcher,
) -> Bookmark:
    """Do what is planned until it is done, or SIGINT or SIGTERM comes; how far that is.

    Args:
        config: where Kafka is.
        plan: what to do.
        start: where to go on; or the id of a new replay.
        keep: stores a bookmark, first before anything is written; None for a dry run, which writes nothing anywhere.
        inventory: what conditions ask about entities.
        watcher: looks on.

    Raises:
        Refused: an ACL is missing, or a topic.
        Unreachable: the brokers are away before it has begun.
        ReflexarcError: it cannot go on, or not be begun.
    """
    stop, prefix = stop_event(), config.kafka.prefix
    needed = _needed(config, plan, dry_run=keep is None)
    await asyncio.to_thread(admin.verify, config.kafka, needed, report=watcher.say)
    with closing(Reader(config.kafka)) as reader:
        bookmark = await asyncio.to_thread(_opened, config, plan, start, reader, watcher.say)
        choice = ReplayChoice(prefix, bookmark.id, plan, inventory=inventory)
        watcher.see(bookmark)
        if keep is None:
            return await Run(reader, choice, None, lambda _: None, watcher).go_on(bookmark, stop)
        keep(bookmark)
        publisher = Publisher(config.kafka, client_id=topics.group(prefix, topics.REPLAY), topics=needed)
        await publisher.start()
        try:
            run = Run(reader, choice, publisher, keep, watcher)
            return await _audited(prefix, run, publisher, bookmark, stop, resumed=isinstance(start, Bookmark))
        finally:
            await publisher.close()


def _needed(config: Config, plan: Plan, *, dry_run: bool) -> list[Topic]:
    prefix = config.kafka.prefix
    written = () if dry_run else (topics.audit(prefix), *(topics.sink(prefix, sink) for sink in plan.request.sinks))
    names = {topics.events(prefix), *written}
    return [topic for topic in topics.table(config) if topic.name in names]


def _opened(config: Config, plan: Plan, start: Bookmark | str, reader: Reader, say: Callable[[str], None]) -> Bookmark:
    """The bookmark to begin with; the reader stands there."""
    topic, cluster = topics.events(config.kafka.prefix), reader.cluster()
    if isinstance(start, str):
        found = reader.find(plan.request)
        if found.begun_late:
            say(f"retention has deleted older events of {found.begun_late} partitions: some asked for may be gone")
        start = Bookmark(
            id=start,
            topic=topic,
            cluster=cluster,
            routes=plan.fingerprint,
            began=datetime.now(UTC),
            request=plan.request,
            spans=found.spans,
        )
    elif (start.topic, start.cluster) != (topic, cluster):
        what = f"the replay was begun on {start.topic} of cluster {start.cluster}, this is {topic} of {cluster}"
        raise ReflexarcError(what, cure="go on with the configuration that it was begun with")
    if start.routes != plan.fingerprint:
        say("the routes have changed since the replay was begun: what is left is decided by those of now")
    gone = reader.begin(start.spans)
    if gone:
        say(f"retention has deleted {gone} offsets before they were read")
    tally = start.tally.model_copy(update={"deleted": start.tally.deleted + gone})
    return start.model_copy(update={"spans": reader.spans, "tally": tally})


async def _audited(
    prefix: str, run: Run, publisher: Publisher, bookmark: Bookmark, stop: asyncio.Event, *, resumed: bool
) -> Bookmark:
    """Run, and tell the audit before and after."""
    by, last = myself(), bookmark

    async def tell(record: Outgoing) -> None:
        await publisher.publish(record.topic, value=record.value, key=record.key, headers=record.headers)

    def keep(now: Bookmark) -> None:
        nonlocal last
        run.keep(now)
        last = now

    await tell(word.started(prefix, bookmark, datetime.now(UTC), by=by, resumed=resumed))
    try:
        bookmark = await run._replace(keep=keep).go_on(bookmark, stop)
    except ReflexarcError as error:
        with suppress(ReflexarcError):
            await tell(word.ended(prefix, last, datetime.now(UTC), by=by, outcome=f"failed: {error}"))
        raise
    outcome = "interrupted" if bookmark.left else "complete"
    await tell(word.ended(prefix, bookmark, datetime.now(UTC), by=by, outcome=outcome))
    return bookmark
