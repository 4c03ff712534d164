"""The process: what stands in Kafka first, then one thread for each vCenter."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka import admin
from clients.kafka.publisher import Publisher
from clients.kafka.record import Outgoing
from clients.vsphere.logins import Logins
from ingest.inventory.follower import Follower
from ingest.inventory.ledger import Ledger, written
from ingest.inventory.outlet import Outlet
from schemas import inventory, topics
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from schemas.config import Config, VcenterConfig

LOOK: Final = 1.0
"""Seconds between two looks whether records can still be written."""

END: Final = 10.0
"""Seconds in which every thread must have ended."""

log = logging.getLogger(__name__)


class Service:
    """Keeps the inventory topic current. One process is enough: two write the same, and disturb nobody.

    Args:
        config: the whole configuration.
        only: names of the vCenters to follow; all of them when empty. Recordings have no inventory.

    Raises:
        ConfigError: a name is not configured, or there is no vCenter at all.
    """

    def __init__(self, config: Config, *, only: Collection[str] = ()) -> None:
        self._config = config
        self._vcenters = _chosen(config.vcenters, only)
        self._topic = topics.inventory(config.kafka.prefix)
        self._followers: list[Follower] = []

    def problems(self) -> list[str]:
        """What keeps the inventory from being current."""
        if not self._followers:
            return ["has not read from Kafka yet what it has written before"]
        return [f"vCenter {each.name}: its inventory is not current" for each in self._followers if not each.current]

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until ``stop``, and write what has been read.

        Raises:
            Refused: the topic is missing or endangers a promise, or an ACL is missing.
            Unreachable: Kafka went away before what stands there was read.
            ReflexarcError: nothing can be written any more, for a fault of ours.
        """
        kafka = self._config.kafka
        topic = next(each for each in topics.table(self._config) if each.name == self._topic)
        try:
            await asyncio.to_thread(admin.wait_for_broker, kafka, report=log.warning, stopped=stop.is_set)
        except admin.Stopped:
            return
        await asyncio.to_thread(admin.verify, kafka, [topic], report=log.warning)
        known = await asyncio.to_thread(written, kafka, stopped=stop.is_set)
        if stop.is_set():
            return
        client_id = topics.group(kafka.prefix, topics.INGEST_INVENTORY)
        publisher = Publisher(kafka, client_id=client_id, topics=[topic])
        await publisher.start()
        try:
            await self._forget(known, publisher)
            await self._follow(known, publisher, stop)
        finally:
            await publisher.close()

    async def _forget(self, known: Mapping[str, Mapping[str, bytes]], publisher: Publisher) -> None:
        """Withdraw what stands there of vCenters that are no longer configured."""
        for vcenter in sorted(known.keys() - self._config.vcenters.keys()):
            keys = [inventory.key(vcenter, moref).encode() for moref in known[vcenter]]
            await publisher.publish_many([Outgoing(self._topic, None, key) for key in keys])
            if keys:
                log.info("vCenter %s is not configured any more: %d records withdrawn", vcenter, len(keys))

    async def _follow(
        self, known: Mapping[str, Mapping[str, bytes]], publisher: Publisher, stop: asyncio.Event
    ) -> None:
        ending, logins = threading.Event(), Logins()
        outlet = Outlet(publisher, asyncio.get_running_loop(), ending)
        self._followers = [
            Follower(
                config,
                self._config.inventory,
                topic=self._topic,
                ledger=Ledger(name, self._topic, _entities(known.get(name, {}))),
                outlet=outlet,
                logins=logins,
            )
            for name, config in self._vcenters.items()
        ]
        threads = [
            threading.Thread(target=each.run, args=(ending,), name=f"inventory-{each.name}", daemon=True)
            for each in self._followers
        ]
        for thread in threads:
            thread.start()
        await _asked_or_failed(stop, outlet)
        ending.set()
        await asyncio.to_thread(_join, threads)
        if outlet.failure is not None:
            raise outlet.failure


async def _asked_or_failed(stop: asyncio.Event, outlet: Outlet) -> None:
    while outlet.failure is None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await stop.wait()
                return


def _entities(digests: Mapping[str, bytes]) -> dict[str, bytes]:
    return {moref: digest for moref, digest in digests.items() if moref != inventory.NOBODY}


def _join(threads: list[threading.Thread]) -> None:
    end = monotonic() + END
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))


def _chosen(vcenters: Mapping[str, VcenterConfig], only: Collection[str]) -> dict[str, VcenterConfig]:
    servers = {name: config for name, config in vcenters.items() if not config.recording}
    problems = [
        Problem("vcenters", f"has no {name}, which --only names", f"known: {', '.join(servers) or 'none'}")
        for name in only
        if name not in servers
    ]
    if not servers:
        problems = [Problem("vcenters", "names no server", "add a vCenter to follow")]
    if problems:
        raise ConfigError("configuration", problems)
    return {name: config for name, config in servers.items() if not only or name in only}
