"""All wiring of the worker's roles, and only here: one role, one Faust app, one consumer group."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args

from clients.http import Client
from clients.kafka import admin, options
from clients.kafka.errors import explain
from clients.kafka.publisher import Publisher
from clients.kafka.transactions import Transactions
from schemas import topics
from schemas.errors import Refused
from sinks import registry
from sinks.analytics import AnalyticsConfig, encoding
from sinks.base import SinkContext
from streams.analytics.counting import Counting
from streams.delivery.agent import Delivery
from streams.delivery.beginning import begin, check_left
from streams.delivery.control import Control
from streams.delivery.destination import Destination
from streams.delivery.metrics import expiring
from streams.delivery.outlet import Outlet
from streams.guard import commanded
from streams.guard.guard import Guard
from streams.loss import lost
from streams.roles.commanding import command
from streams.roles.remedying import asking, decide, execute
from streams.roles.wiring import Wiring
from streams.routing.reach import Reach
from streams.routing.router import Router
from streams.throttling.throttling import Throttling
from streams.transport.app import TransportApp
from streams.transport.health import Health
from streams.transport.metrics import age

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from schemas.config import Config
    from streams.routing.active import ActiveRoutes
    from streams.routing.reload import Source
    from streams.transport import Chunk

log = logging.getLogger(__name__)

Role = Literal["router", "throttle", "deliver", "analytics", "decide", "execute", "command"]
ROLES: tuple[Role, ...] = get_args(Role)

DRAIN = 5.0

CONTROL = 5.0
"""Seconds between two complaints that it is not known yet which sinks are paused."""

_NEEDED = {
    "throttle": ("no route has a throttle", "give a route a throttle"),
    "analytics": ("no sink of type analytics has counts", "give the sink counts"),
    "decide": ("no sink is of type remediation", "add one"),
    "execute": ("no sink is of type remediation", "add one"),
    "command": ("nobody may ask for anything", "add commands: with people and grants"),
}


async def run(
    config: Config,
    role: Role,
    *,
    stop: asyncio.Event,
    started: Callable[[], None],
    sinks: Sequence[str] = (),
    chooser: str | None = None,
    instance: str | None = None,
    health: Health | None = None,
    source: Source | None = None,
    reread: asyncio.Event | None = None,
) -> None:
    """Serve one role until ``stop`` is set.

    Args:
        config: the whole configuration.
        role: which app to run.
        stop: set it to drain, commit and leave.
        started: called once the role consumes.
        sinks: the sinks whose topics are delivered, all by default; ``deliver`` only.
        chooser: the sink that reads from the events, and the only one then; ``deliver`` only.
        instance: this process's name in its consumer group, kept over restarts.
        health: is told what is wrong although the role serves.
        source: where changed routes come from.
        reread: set it to have them read at once.

    Raises:
        Refused: topics are missing or drifted, the broker refused the credentials, or the role has nothing to do.
        Unreachable: a part that must not be waited for is away.
    """
    if role not in roles(config):
        missing, cure = _NEEDED[role]
        raise Refused(f"{missing}, so there is nothing to do", cure=f"{cure}, or leave this role out")
    kafka = config.kafka
    names = (chooser,) if chooser else tuple(sinks or config.sinks)
    needed = _topics(config, role, names, chooser)
    try:
        await asyncio.to_thread(admin.wait_for_broker, kafka, report=log.warning, stopped=stop.is_set)
    except admin.Stopped:
        return
    await asyncio.to_thread(admin.verify, kafka, needed, report=log.warning)
    async with AsyncExitStack() as closing:
        publisher = Publisher(kafka, client_id=topics.group(kafka.prefix, role), topics=needed)
        await publisher.start()
        closing.push_async_callback(publisher.close)
        group = topics.deliver_group(kafka.prefix, chooser) if chooser else topics.group(kafka.prefix, role)
        app = _app(config, role, group, publisher, instance=instance, health=health or Health())
        wiring = Wiring(config, app, closing, stop, source, reread or asyncio.Event())
        await _serve(wiring, role, names, chooser)
        await app.run_until(stop, started)


def roles(config: Config) -> tuple[Role, ...]:
    """The roles that this configuration needs."""
    needed = {
        "throttle": bool(topics.throttled(config)),
        "analytics": topics.counted(config),
        "decide": topics.remedied(config),
        "execute": topics.remedied(config),
        "command": topics.obeyed(config),
    }
    return tuple(role for role in ROLES if needed.get(role, True))


def _reach(config: Config) -> Reach:
    """The router's: what has a topic."""
    return Reach(frozenset(config.sinks).difference(topics.reading_events(config)), throttles=True)


def _topics(config: Config, role: Role, names: Sequence[str], chooser: str | None) -> list[topics.Topic]:
    """The topics that the role reads and writes."""
    unknown = sorted(set(names) - set(config.sinks))
    if unknown:
        raise Refused(f"no such sink: {', '.join(unknown)}", cure=f"configured are: {', '.join(config.sinks)}")
    if chooser is not None and chooser not in topics.reading_events(config):
        cure = f"write read_from: events at sinks.{chooser}, or start the role without --events"
        raise Refused(f"{chooser} reads from its topic", cure=cure)
    prefix = config.kafka.prefix
    wanted = {topics.events(prefix)} | {topics.sink(prefix, name) for name in names}
    answers = {topics.sink(prefix, name) for name in topics.answering(config)}
    throttles = {topics.throttle(prefix, name) for name in topics.throttled(config)}
    if role == "router":
        wanted |= {topics.dead_letter(prefix, topics.UNROUTABLE), topics.audit(prefix), topics.inventory(prefix)}
        wanted |= throttles
    elif role == "throttle":
        wanted |= {topics.dead_letter(prefix, topics.UNROUTABLE), topics.throttle_marks(prefix)} | throttles
    elif role == "analytics":
        wanted = {topics.events(prefix), topics.counts(prefix), topics.open_counts(prefix)}
    elif role == "decide":
        wanted = {topics.events(prefix), topics.requests(prefix), topics.requests(prefix, urgent=True)}
        wanted |= {topics.actions(prefix), topics.decisions(prefix), topics.audit(prefix), topics.control(prefix)}
        wanted |= {topics.appointments(prefix), topics.inventory(prefix)}
        wanted |= {topics.sink(prefix, name) for name in topics.asking(config)} | answers
    elif role == "execute":
        wanted = {topics.events(prefix), topics.actions(prefix), topics.requests(prefix, urgent=True)}
        wanted |= {topics.journal(prefix), topics.audit(prefix), topics.control(prefix)} | answers
    elif role == "command":
        wanted = {topics.commands(prefix), topics.requests(prefix), topics.requests(prefix, urgent=True)}
        wanted |= {topics.audit(prefix)} | answers
    else:
        wanted |= {topics.dead_letter(prefix, name) for name in names}
        wanted |= {topics.control(prefix), topics.analytics(prefix)}
        wanted |= {topics.requests(prefix), topics.requests(prefix, urgent=True)}
        if chooser:
            wanted |= {topics.audit(prefix), topics.inventory(prefix)}
            wanted.add(topics.dead_letter(prefix, topics.UNROUTABLE))
    return [topic for topic in topics.table(config) if topic.name in wanted]


def _app(
    config: Config, role: Role, group: str, publisher: Publisher, *, instance: str | None, health: Health
) -> TransportApp:
    return TransportApp(
        group,
        consumer_options=options.consumer(config.kafka, group, client_id=group),
        publisher=publisher,
        drain=DRAIN,
        explain=partial(explain, config=config.kafka),
        transactions=partial(Transactions, config.kafka, client_id=group),
        instance=instance,
        lost=lambda tp, run: lost(config.kafka.prefix, role, tp, run, datetime.now(UTC)),
        health=health,
    )


async def _serve(wiring: Wiring, role: Role, names: Sequence[str], chooser: str | None) -> None:
    """Give the app what the role does."""
    if role == "router":
        await _route(wiring)
    elif role == "throttle":
        _throttle(wiring)
    elif role == "analytics":
        await _count(wiring)
    elif role == "decide":
        await decide(wiring)
    elif role == "execute":
        await execute(wiring)
    elif role == "command":
        await command(wiring)
    elif chooser:
        await _choose(wiring, chooser)
    else:
        await _deliver(wiring, names)


async def _route(wiring: Wiring) -> None:
    """Have the app route events to the topics of sinks and throttles."""
    config, events = wiring.config, topics.events(wiring.config.kafka.prefix)
    for name in topics.reading_events(config):
        await asyncio.to_thread(begin, config.kafka, name)  # before it is left out
    routes = await wiring.routes(_reach(config))
    wiring.app.consume(events, "router", Router(routes, wiring.app.publisher).route)
    wiring.follow(routes.follow)


def _throttle(wiring: Wiring) -> None:
    """Have the app hold back what throttled routes have chosen."""
    throttling = Throttling(wiring.config.kafka.prefix, wiring.app, wiring.config.routes)
    wiring.beside(throttling.watch_the_clock(), "clock")
    wiring.follow(throttling.follow)


async def _count(wiring: Wiring) -> None:
    """Have the app count events for the sink that has counts."""
    sinks = (sink for sink in wiring.config.sinks.values() if isinstance(sink, AnalyticsConfig))
    sink, counts = next((sink, sink.counts) for sink in sinks if sink.counts)
    prefix = wiring.config.kafka.prefix
    async with Client() as http:
        encoded = await encoding(sink, "count", topics.counts(prefix), http)
    counting = Counting(prefix, wiring.app, counts, encoded)
    wiring.beside(counting.watch_the_clock(), "clock")


async def _choose(wiring: Wiring, name: str) -> None:
    """Have the app choose among the events for one sink, and deliver what it chooses."""
    kafka, app = wiring.config.kafka, wiring.app
    await asyncio.to_thread(begin, kafka, name)
    routes = await wiring.routes(Reach(frozenset({name}), throttles=False))
    deliveries = await _deliveries(wiring, (name,))
    app.consume(topics.events(kafka.prefix), name, partial(_chosen, deliveries[name], routes, name))
    expiring(name, age=partial(age, topics.events(kafka.prefix)), retention=kafka.retention)
    wiring.follow(routes.follow)


async def _chosen(delivery: Delivery, routes: ActiveRoutes, name: str, chunk: Chunk) -> None:
    choice = routes.choice
    await delivery.choose(chunk, lambda record: choice.for_sink(record, name))


async def _deliver(wiring: Wiring, names: Sequence[str]) -> None:
    """Have the app deliver what lies in the topics of these sinks."""
    config, kafka = wiring.config, wiring.config.kafka
    await asyncio.to_thread(check_left, kafka, set(names).difference(topics.reading_events(config)))
    for name, delivery in (await _deliveries(wiring, names)).items():
        topic = topics.sink(kafka.prefix, name)
        wiring.app.consume(topic, f"deliver {name}", delivery.deliver)
        expiring(name, age=partial(age, topic), retention=kafka.retention)


async def _deliveries(wiring: Wiring, names: Sequence[str]) -> dict[str, Delivery]:
    """The engine of each of these sinks; it ends before its connector."""
    config, app, closing = wiring.config, wiring.app, wiring.closing
    guard = Guard(config.remediation, asking(config), commanded.verbs(config.commands))
    context = SinkContext(
        vcenters=config.vcenters, kafka=config.kafka, publisher=app.publisher, objection=guard.objection
    )
    closing.push_async_callback(context.http.close)
    prefix = config.kafka.prefix
    made: dict[str, Delivery] = {}
    for name in names:
        sink = registry.build(config.sinks[name], context)
        closing.push_async_callback(sink.close)
        dead_letters, events = topics.dead_letter(prefix, name), topics.events(prefix)
        unroutable = topics.dead_letter(prefix, topics.UNROUTABLE)
        outlet = Outlet(
            config.sinks[name], app.publisher, dead_letters=dead_letters, unroutable=unroutable, events=events
        )
        made[name] = Delivery(config.sinks[name], Destination(config.sinks[name], sink), outlet, app.fail)
        closing.push_async_callback(made[name].close)
    await _obey(wiring, made)
    return made


async def _obey(wiring: Wiring, deliveries: Mapping[str, Delivery]) -> None:
    """Let sinks be paused and resumed from now on; those that are paused already are before anything is delivered."""

    def changed(name: str) -> None:
        if name in deliveries:
            deliveries[name].pause(paused=control.paused(name))

    loop, app = asyncio.get_running_loop(), wiring.app
    control = Control(
        wiring.config.kafka, group=app.conf.id, changed=lambda name: loop.call_soon_threadsafe(partial(changed, name))
    )
    control.start()
    wiring.closing.callback(control.close)
    app.health.watch(control.problems)
    while not await asyncio.to_thread(control.wait, CONTROL) and not wiring.stop.is_set():
        log.warning("which sinks are paused is not known yet: nothing is delivered before")
    for name in deliveries:
        changed(name)
