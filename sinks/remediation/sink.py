"""The connector: events in, requests for actions out; what is decided on them is told in the audit."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import time
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from clients.kafka.errors import PublishRejected
from clients.vsphere.kinds import kind_of
from schemas import topics
from schemas.errors import Refused, Reject, Unavailable, Unreachable
from schemas.remediation.model import HEARD, InvalidRemediation
from schemas.remediation.request import NOWHERE, Request, request_id
from schemas.remediation.undo import TYPE as UNDO
from sinks.completion import completed
from sinks.remediation.causes import LARGEST, cause
from sinks.remediation.chooser import Chooser
from sinks.remediation.config import RemediationSinkConfig
from sinks.remediation.resolver import Resolved, Resolver
from sinks.remediation.tags import Tags
from sinks.remediation.undoing import wanted
from sinks.vsphere.actions import ACTIONS, Choosing, build, kind, new
from sinks.vsphere.aim import ByReference, aim
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.remediation.entity import Entity
    from sinks.base import SinkContext

WORKERS: Final = 8
"""Look-ups at once."""

MOST: Final = 1000
"""Events of which it is remembered what they ask for, while Kafka does not take all of it."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class RemediationSink:
    """Finds what an event is about and asks the decider for the action.

    Every event that is taken becomes one request, also one whose target is not found: that is refused, and audited. One
    about what several objects share becomes a request for each that is chosen.

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
        self._chosen_from = ACTIONS[config.action].chosen_from or None
        self._chooser = None
        if self._chosen_from and isinstance(action := build(config.action, config.parameters), Choosing):
            self._chooser = Chooser(self._sessions, self._tags, action, config.max_chosen)
        self._asking: OrderedDict[tuple[str, str], Sequence[Request]] = OrderedDict()
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
        """Have the decider hear what the event asks for; what was chosen once is asked for until Kafka has all of it.

        Raises:
            Reject: the event cannot become a request, or Kafka does not take it.
            Unavailable: Kafka is away.
        """
        requests = self._asking.get(_name(event)) or await self._requests(event)
        if len(requests) > 1:
            self._remember(event, requests)
        for request in requests:  # In their order: the first says how many there are.
            await self._publish(request)
        self.forget(event)
        ids = ", ".join(request.id for request in requests)
        log.info("%s: event %s: asks for %s as action %s", self._config.name, event.id, self._config.action, ids)

    def forget(self, event: CloudEvent) -> None:
        """What is asked for is chosen anew when the event comes again."""
        self._asking.pop(_name(event), None)

    def _remember(self, event: CloudEvent, requests: Sequence[Request]) -> None:
        self._asking[_name(event)] = requests
        while len(self._asking) > MOST:
            self._asking.popitem(last=False)

    async def _publish(self, request: Request) -> None:
        kafka, publisher = self._context.kafka, self._context.publisher
        assert kafka is not None and publisher is not None  # noqa: S101, PT018 - see open
        topic = topics.requests(kafka.prefix, urgent=ACTIONS[self._config.action].urgent)
        try:
            await publisher.publish(topic, value=_encoded(request), key=request.scope.encode(), headers=())
        except PublishRejected as error:
            raise Reject(str(error)) from error
        except (Unreachable, Refused) as error:
            raise Unavailable(str(error)) from error

    async def _requests(self, event: CloudEvent) -> Sequence[Request]:
        return [self._request(event, resolved) for resolved in await self._resolved(event)]

    async def _resolved(self, event: CloudEvent) -> Sequence[Resolved]:
        if len(event.data or b"") > LARGEST:
            return [Resolved(None, f"the event has {len(event.data or b'')} bytes of data, {LARGEST} are looked at")]
        chosen_from = None if event.type == UNDO else self._chosen_from
        try:
            where = aim(
                event,
                path=self._config.target,
                vcenters=self._sessions.names,
                kind=self._kind,
                chosen_from=chosen_from,
            )
        except Reject as error:
            return [Resolved(None, str(error))]
        if self._chooser is not None and isinstance(where, ByReference) and kind_of(where.type) == chosen_from:
            return await self._chosen(event, self._chooser, where)
        undo = wanted(event)
        past = undo.before if undo is not None and ACTIONS[self._config.action].removes else None
        return [await self._blocking(partial(self._resolver.resolve, where, past))]

    async def _chosen(self, event: CloudEvent, chooser: Chooser, where: ByReference) -> Sequence[Resolved]:
        sample = self._request(event, Resolved(None, "is being chosen", vcenter=where.vcenter))

        def objection(entity: Entity) -> str | None:
            return self._context.objection(sample.model_copy(update={"entity": entity, "unresolved": ""}))

        choose = partial(chooser.choose, where, objection)
        found = await self._blocking(partial(self._resolver.answered, choose))
        return [found] if isinstance(found, Resolved) else found

    async def _blocking(self, call: Callable[[], T]) -> T:
        job = self._threads.submit(call)
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
            id=request_id(self._config.name, event.source, event.id, resolved.part),
            sink=self._config.name,
            action=self._config.action,
            parameters=self._config.parameters.model_dump(mode="json"),
            scope=entity.vcenter if entity else resolved.vcenter or NOWHERE,
            entity=entity,
            unresolved=resolved.reason[:4000],
            cause=cause(event, self._context.vcenters),
            undo=undo,
            requester=undo.person if undo else f"sink/{self._config.name}",
            clock_offset=resolved.offset,
            asked=time(),
            part=resolved.part,
            parts=resolved.parts,
        )

    async def close(self) -> None:
        """Finish what has begun and log out. May be called again."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._tags.close)
        await asyncio.to_thread(self._sessions.close)


def _name(event: CloudEvent) -> tuple[str, str]:
    return event.source, event.id


def _encoded(request: Request) -> bytes:
    try:
        value = request.encode()
    except InvalidRemediation as error:
        raise Reject(f"the request {error}: the event, or what is acted on, is too large") from error
    if len(value) > HEARD:
        raise Reject(f"the request has {len(value)} bytes instead of {HEARD} at most: the event is too large")
    return value
