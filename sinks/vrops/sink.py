"""The connector: an event's host, found in Aria Operations, brought into maintenance or out of it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas.errors import Refused, Unavailable, Unreachable
from sinks.jsonapi import Deadline
from sinks.vrops.config import VropsConfig
from sinks.vrops.host import host, limit, wanted
from sinks.vrops.maintenance import Maintenance
from sinks.vrops.operations import Operations
from sinks.vrops.resource import single
from sinks.vrops.uuids import InstanceUuids

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

log = logging.getLogger(__name__)


class VropsSink:
    """Maintains hosts in Aria Operations; an event is accepted when the host's state is as it should be.

    Args:
        config: the sink.
        context: knows the vCenters.
    """

    Config = VropsConfig

    def __init__(self, config: VropsConfig, context: SinkContext) -> None:
        self._config = config
        self._operations = Operations(config, context.http)
        self._uuids = InstanceUuids(config.instance_uuids, context.vcenters, config.timeout)

    async def open(self) -> None:
        """Acquire a token; an old one is given back.

        Raises:
            Unavailable: the server is away.
            Refused: it does not accept the account.
        """
        await self._operations.token.release()
        await self._operations.token.get(Deadline(self._config.timeout))

    async def send(self, event: CloudEvent) -> None:
        """Have the event's host maintained, or no longer; everything within the sink's ``timeout``.

        Raises:
            Reject: the event names no host, Aria Operations knows none or several of that identity, or refuses.
            Retry: it failed for now, or its outcome is unknown; the next attempt reads the state first.
            Unavailable: the server, or the vCenter that must say who it is, is away or does not let us in.
        """
        config = self._config
        begins, meant = wanted(event, config.mode), host(event)
        query = limit(event, config, now=datetime.now(UTC)) if begins else ""
        deadline = Deadline(config.timeout)
        try:
            vcenter = await self._uuids.get(meant.vcenter)
            resource = single(await self._operations.hosts(meant.name, deadline), meant, vcenter)
            maintenance = Maintenance(self._operations, deadline)
            if begins:
                outcome = await maintenance.begin(resource, query, f"{event.source}#{event.id}")
            else:
                outcome = await maintenance.end(resource, force=config.force)
        except (Refused, Unreachable) as error:
            raise Unavailable(str(error)) from None
        log.info("%s: event %s: %s: %s", config.name, event.id, meant, outcome)

    async def close(self) -> None:
        """Give the token back."""
        await self._operations.token.release()
