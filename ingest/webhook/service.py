"""The process: Kafka first, then the listening socket; on the way out the socket first, then Kafka."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, NamedTuple

from clients.kafka import admin
from clients.kafka.publisher import Publisher
from ingest.webhook.admission import Admission
from ingest.webhook.batches import Batches
from ingest.webhook.claims import reserved
from ingest.webhook.intake import Intake
from ingest.webhook.listener import listening
from ingest.webhook.probes import Probes
from ingest.webhook.server import application
from ingest.webhook.siblings import ALONE, Siblings
from ingest.webhook.slack.outlet import commanding
from ingest.webhook.slack.sockets import sockets
from ingest.webhook.stats import Sources
from ingest.webhook.writer import Writer
from schemas import topics
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.config import Config, KafkaConfig, WebhookConfig

# With the default body limit at most 256 MiB of bodies; far more than Kafka needs in hand to be busy.
_PLACES = 256

# Transactions at a time; what waits shares the next one.
_WRITERS = 4

_log = logging.getLogger(__name__)


class _Served(NamedTuple):
    config: WebhookConfig
    sources: Sources
    share_port: bool
    reserved: Sequence[str]


def configured(config: Config) -> WebhookConfig:
    """The part of the configuration that says where to listen.

    Raises:
        ConfigError: there is none.
    """
    if config.webhook is None:
        problem = Problem("webhook", "is missing", "add webhook: {listen: 127.0.0.1:8080}")
        raise ConfigError("configuration", [problem])
    return config.webhook


async def run(
    config: Config,
    *,
    instance: str,
    stop: asyncio.Event | None = None,
    ready: Callable[[], None] | None = None,
    share_port: bool = False,
    siblings: Siblings = ALONE,
) -> None:
    """Serve until asked to stop, then finish what was accepted.

    Args:
        config: the whole configuration; its ``webhook`` part must be there.
        instance: name of this process among its like: its transactional ids end in it.
        stop: ends the service when set; None means that SIGTERM and SIGINT end it.
        ready: called once requests are accepted.
        share_port: let other processes listen on the same address.
        siblings: those that do and belong to this one: they share its rates, and its counters are told with theirs.

    Raises:
        ConfigError: the configuration has no ``webhook`` part.
        Refused: the events topic is missing or endangers a promise, Kafka refuses us, or the address is taken.
    """
    webhook = configured(config)
    stop = stop or _signalled()
    table = {topic.name: topic for topic in topics.table(config)}
    topic = table[topics.events(config.kafka.prefix)]
    commands = table.get(topics.commands(config.kafka.prefix))
    if not await _kafka_is_there(config.kafka, [topic, *([commands] if commands else [])], stop):
        return
    served = _Served(
        webhook.divided(1 + siblings.others),
        Sources.of(config, webhook.listen, Probes([*siblings.probes, *webhook.probes], mute=siblings.mute)),
        share_port,
        reserved(config),
    )
    publisher = Publisher(config.kafka, client_id=topics.INGEST_WEBHOOK, topics=[topic])
    batches = Batches(_writers(config.kafka, instance))
    await publisher.start()
    await batches.start()
    try:
        intake = Intake(publisher, batches, topic=topic)
        if commands is None:
            await _serve(served, intake, None, stop, ready)
            return
        async with commanding(config.kafka, commands, batches) as commanded:
            await _serve(served, intake, commanded, stop, ready)
    finally:
        await asyncio.gather(batches.close(), publisher.close())


def _writers(config: KafkaConfig, instance: str) -> list[Writer]:
    names = (topics.transactional_id(config.prefix, topics.INGEST_WEBHOOK, f"{instance}.{n}") for n in range(_WRITERS))
    group = topics.group(config.prefix, topics.INGEST_WEBHOOK)
    return [Writer(config, name=group, transactional_id=name) for name in names]


async def _serve(
    served: _Served,
    intake: Intake,
    commands: Intake | None,
    stop: asyncio.Event,
    ready: Callable[[], None] | None,
) -> None:
    admission = Admission(_PLACES)
    config = served.config
    app = application(
        config,
        intake=intake,
        admission=admission,
        commands=commands,
        sources=served.sources,
        reserved=served.reserved,
    )
    # The server drains what is in hand, from Slack's connections, too; only then those may go.
    async with (
        sockets(config, intake=commands, admission=admission),
        listening(config, app, admission, share_port=served.share_port) as url,
    ):
        _log.info("listening on %s", url)
        if ready is not None:
            ready()
        await stop.wait()
        _log.info("stopping: finishing the requests in hand")


async def _kafka_is_there(config: KafkaConfig, needed: Sequence[topics.Topic], stop: asyncio.Event) -> bool:
    """Wait for a broker and check the topics; False when ``stop`` came first."""
    try:
        await asyncio.to_thread(admin.wait_for_broker, config, report=_log.warning, stopped=stop.is_set)
    except admin.Stopped:
        return False
    await asyncio.to_thread(admin.verify, config, needed, report=_log.warning)
    return True


def _signalled() -> asyncio.Event:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
