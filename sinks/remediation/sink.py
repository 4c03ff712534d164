"""The connector: events in, requests for actions out; what is decided on them is told in the audit."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import time
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from clients.kafka.errors import PublishRejected
from schemas import topics
from schemas.errors import Refused, Reject, Unavailable, Unreachable
from schemas.remediation.model import HEARD, InvalidRemediation
from schemas.remediation.request import NOWHERE, Request, request_id
from sinks.completion import completed
from sinks.remediation.causes import LARGEST, cause
from sinks.remediation.config import RemediationSinkConfig
from sinks.remediation.resolver import Resolved, Resolver
from sinks.remediation.tags import Tags
from sinks.remediation.undoing import wanted
from sinks.vsphere.actions import ACTIONS, kind, new
from sinks.vsphere.aim import aim
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

WORKERS: Final = 8
"""Look-ups at once."""

log = logging.getLogger(__name__)


class RemediationSink:
    """Finds what an event is about and asks the decider for the action.

    Every event that is taken becomes one request, also one whose target is not found: that is refused, and audited.

    Args:
        config: the sink.
        context: knows the vCenters, and publishes.
    """

    Config = RemediationSinkConfig

    def __init__(self, config: RemediationSinkConfig, context: SinkContext) -> None:
        self._config = config
        self._context = context
        names = config.vcenters or [name for name, vcenter in context.vcenters.items() if not vcenter.recording]
        acting = [context.vcenters[name].acting for name in names]
        self._sessions = Sessions(acting, timeout=config.timeout)
        self._tags = Tags(acting)
        self._kind = kind(config.action, config.parameters)
        made = new(config.action, config.parameters)
        self._resolver = Resolver(self._sessions, self._tags, self._kind, new=made)
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"sink-{config.name}")

    async def open(self) -> None:
        """Nothing to do: a vCenter that is away is told of with each request.

        Raises:
            Refused: there is no vCenter to act in, or nowhere to publish.
        """
        if not self._sessions.names:
            raise Refused("there is no vCenter to act in", cure="add one below vcenters:")
        if self._context.publisher is None or self._context.kafka is None:
            raise Refused("there is no Kafka to ask in")

    async def send(self, event: CloudEvent) -> None:
        """Have the decider hear what the event asks for.

        Raises:
            Reject: the event cannot become a request, or Kafka does not take it.
            Unavailable: Kafka is away.
        """
        request = self._request(event, await self._resolved(event))
        kafka, publisher = self._context.kafka, self._context.publisher
        assert kafka is not None and publisher is not None  # noqa: S101, PT018 - see open
        topic = topics.requests(kafka.prefix, urgent=ACTIONS[self._config.action].urgent)
        try:
            await publisher.publish(topic, value=_encoded(request), key=request.scope.encode(), headers=())
        except PublishRejected as error:
            raise Reject(str(error)) from error
        except (Unreachable, Refused) as error:
            raise Unavailable(str(error)) from error
        log.info("%s: event %s: asks for %s as action %s", self._config.name, event.id, self._config.action, request.id)

    async def _resolved(self, event: CloudEvent) -> Resolved:
        if len(event.data or b"") > LARGEST:
            return Resolved(None, f"the event has {len(event.data or b'')} bytes of data, {LARGEST} are looked at")
        try:
            where = aim(event, path=self._config.target, vcenters=self._sessions.names, kind=self._kind)
        except Reject as error:
            return Resolved(None, str(error))
        undo = wanted(event)
        past = undo.before if undo is not None and ACTIONS[self._config.action].removes else None
        job = self._threads.submit(partial(self._resolver.resolve, where, past))
        return await completed(asyncio.wrap_future(job), recall=job.cancel)

    def _request(self, event: CloudEvent, resolved: Resolved) -> Request:
        try:
            return self._made(event, resolved)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise Reject(f"the event cannot become a request for an action: {where}: {first['msg']}") from None

    def _made(self, event: CloudEvent, resolved: Resolved) -> Request:
        entity, undo = resolved.entity, wanted(event)
        return Request(
            id=request_id(self._config.name, event.source, event.id),
            sink=self._config.name,
            action=self._config.action,
            parameters=self._config.parameters.model_dump(mode="json"),
            scope=entity.vcenter if entity else NOWHERE,
            entity=entity,
            unresolved=resolved.reason[:4000],
            cause=cause(event, self._context.vcenters),
            undo=undo,
            requester=undo.person if undo else f"sink/{self._config.name}",
            clock_offset=resolved.offset,
            asked=time(),
        )

    async def close(self) -> None:
        """Finish what has begun and log out. May be called again."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._tags.close)
        await asyncio.to_thread(self._sessions.close)


def _encoded(request: Request) -> bytes:
    try:
        value = request.encode()
    except InvalidRemediation as error:
        raise Reject(f"the request {error}: the event, or what is acted on, is too large") from error
    if len(value) > HEARD:
        raise Reject(f"the request has {len(value)} bytes instead of {HEARD} at most: the event is too large")
    return value
