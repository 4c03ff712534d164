"""The roles that decide on actions and carry them out."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

from schemas import topics
from schemas.heartbeat import Worker
from sinks.remediation.config import RemediationSinkConfig
from sinks.remediation.tags import Tags
from sinks.vsphere.sessions import Sessions
from streams.commands.identities import Identities
from streams.guard import commanded
from streams.guard.guard import Guard
from streams.remediation.deciding.decider import Decider
from streams.remediation.deciding.tagged import known
from streams.remediation.executing.executor import Executor
from streams.remediation.executing.hands import Hands
from streams.remediation.executing.turns import Turns
from streams.remediation.presence import Presence
from streams.remediation.voice import Voice
from streams.roles.ring import Ring

if TYPE_CHECKING:
    from schemas.config import Config
    from streams.remediation.switch import Switch
    from streams.roles.wiring import Wiring

MOST_THREADS: Final = 128
"""Calls into vCenters at once, of one process."""

CONTROL: Final = 5.0
"""Seconds between two complaints that it is not known yet whether remediation is paused."""

log = logging.getLogger(__name__)


async def decide(wiring: Wiring) -> None:
    """Have the app decide on what remediation sinks ask for."""
    config = wiring.config
    limits, sinks, verbs = config.remediation, asking(config), commanded.verbs(config.commands)
    switch = await _switch(wiring, topics.DECIDE)
    decider = Decider(
        Voice(config.kafka.prefix, topics.DECIDE, topics.answering(config)),
        wiring.app,
        Guard(limits, sinks, verbs),
        paused=switch.paused,
        ring=Ring(limits.answer_key, wiring.app.health),
        who=Identities.of(config.commands).person,
        known=partial(known, wiring.inventory()),
        sinks=sinks,
        patience=limits.approval_expires,
    )
    wiring.app.health.watch(decider.problems)
    wiring.beside(decider.watch_the_clock(), "clock")


async def execute(wiring: Wiring) -> None:
    """Have the app carry out what was decided."""
    config = wiring.config
    live = [vcenter.acting for vcenter in config.vcenters.values() if vcenter.recording is None]
    limits, sinks, verbs = config.remediation, asking(config), commanded.verbs(config.commands)
    sessions = Sessions(live, timeout=max((vcenter.timeout for vcenter in live), default=30.0))
    wiring.closing.callback(sessions.close)
    tags = Tags(live)
    wiring.closing.callback(tags.close)
    # What is urgent has as many turns of its own.
    threads = ThreadPoolExecutor(min(MOST_THREADS, max(1, len(live)) * (2 * limits.concurrency.vcenter + 2)), "action")
    wiring.closing.push_async_callback(asyncio.to_thread, threads.shutdown, cancel_futures=True)
    switch = await _switch(wiring, topics.EXECUTE)
    Executor(
        Voice(config.kafka.prefix, topics.EXECUTE, topics.answering(config)),
        wiring.app,
        Hands(sessions, tags),
        Guard(limits, sinks, verbs),
        turns=Turns(limits.concurrency),
        sinks={**sinks, **verbs},
        threads=threads,
        paused=switch.paused,
        ring=Ring(limits.answer_key, wiring.app.health),
        stop_file=limits.stop_file,
    )


def asking(config: Config) -> dict[str, RemediationSinkConfig]:
    """The sinks that ask for actions, by name."""
    return {name: sink for name, sink in config.sinks.items() if isinstance(sink, RemediationSinkConfig)}


async def _switch(wiring: Wiring, role: str) -> Switch:
    """The kill switch, as it is by now; whoever turns it hears of this worker."""
    app, group = wiring.app, wiring.app.conf.id
    presence = Presence(wiring.config.kafka, Worker(role, app.instance or role), group=group, publisher=app.publisher)
    switch = presence.switch
    switch.start()
    wiring.closing.callback(switch.close)
    app.health.watch(switch.problems)
    app.health.watch(presence.problems)
    while not await asyncio.to_thread(switch.wait, CONTROL) and not wiring.stop.is_set():
        log.warning("whether remediation is paused is not known yet: nothing is done before")
    wiring.closing.push_async_callback(presence.leave)
    await presence.enter(wiring.stop.is_set)
    wiring.beside(presence.run(), "presence")
    return switch
