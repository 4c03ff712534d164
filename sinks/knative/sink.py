"""The connector: one POST per event, and what comes back becomes an event again."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from schemas.cloudevents import http
from schemas.errors import InvalidEvent, Reject, Unavailable, Unreachable
from sinks import metrics
from sinks.answers import judge, silence
from sinks.base import Accepted
from sinks.eventtype import rename
from sinks.knative import replies, trace
from sinks.knative.address import Address
from sinks.knative.config import KnativeConfig

if TYPE_CHECKING:
    from clients.http import Response
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

log = logging.getLogger(__name__)

# Tells the receiver that somebody listens to an event in its answer (RFC 7240).
_PREFER: Final = ("prefer", "reply")


class KnativeSink:
    """Posts to a broker, channel or service; 2xx is an accepted event, and a CloudEvent in it a reply."""

    Config = KnativeConfig

    def __init__(self, config: KnativeConfig, context: SinkContext) -> None:
        self._config = config
        self._http = context.http
        self._address = Address(config)
        self._encode = http.to_binary if config.mode == "binary" else http.to_structured

    async def open(self) -> None:
        """Find the address and connect to it, without asking anything."""
        await self._address.open()
        config = self._config
        url = self._address.url()
        try:
            await self._http.reach(url, timeout=config.timeout, ca_file=config.ca_file, verify=not config.insecure)
        except Unreachable as error:
            raise Unavailable(str(error)) from None

    async def send(self, event: CloudEvent) -> Accepted:
        """Post one event."""
        config = self._config
        url = self._address.url()
        outgoing = self._shaped(event)
        try:
            message = self._encode(outgoing)
            response = await self._http.request(
                "POST",
                url,
                headers=(*message.headers, *trace.context(outgoing.extensions).items(), _PREFER),
                body=message.body,
                timeout=config.timeout,
                ca_file=config.ca_file,
                verify=not config.insecure,
                keep=replies.LARGEST,
            )
        except InvalidEvent as error:
            raise Reject(str(error)) from None
        except Unreachable as error:
            raise silence(error) from None
        if verdict := judge(response.status, response.headers):
            raise verdict
        return self._accepted(response, outgoing)

    async def close(self) -> None:
        """Follow the address no longer; connections belong to the process."""
        await self._address.close()

    def _shaped(self, event: CloudEvent) -> CloudEvent:
        renamed = rename(event, self._config.type_format)
        overrides = self._config.ce_overrides
        return replace(renamed, extensions={**renamed.extensions, **overrides}) if overrides else renamed

    def _accepted(self, response: Response, event: CloudEvent) -> Accepted:
        """What a 2xx brought; whatever is wrong with the reply, the event itself is delivered."""
        name = self._config.name
        try:
            reply = replies.read(response, event)
        except InvalidEvent as error:
            log.warning("%s: the reply to %s is no event: %s", name, event.id, error)
            metrics.REPLIES.labels(name, "malformed").inc()
        except replies.Looping:
            log.warning("%s: the reply to %s is dropped: it is the end of %d", name, event.id, replies.MOST_HOPS)
            metrics.REPLIES.labels(name, "looping").inc()
        else:
            if reply is not None:
                metrics.REPLIES.labels(name, "taken").inc()
                return Accepted((reply,))
        return Accepted()
