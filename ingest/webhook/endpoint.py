"""The endpoints of this server: where each is, whom it lets in, and what becomes of what is sent there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ingest.webhook import answers, registry
from ingest.webhook.doors.door import Door, door
from ingest.webhook.handshake import Handshake
from ingest.webhook.rate import Limiter

if TYPE_CHECKING:
    from ingest.webhook.adapter import Adapter
    from schemas.config import EndpointConfig, WebhookConfig


class Endpoint(NamedTuple):
    """One path.

    Attributes:
        name: in the configuration.
        path: where its senders post.
        adapter: what makes events of what they send.
        door: what they must show.
        limiter: of the requests of each address; None: no limit.
        handshake: with senders that ask first; None: they may not.
        answers: what they hear.
    """

    name: str
    path: str
    adapter: Adapter
    door: Door
    limiter: Limiter | None = None
    handshake: Handshake | None = None
    answers: answers.Answers = answers.PLAIN

    @property
    def counted(self) -> bool:
        """Whether ``/stats`` tells of it: as an event router's."""
        return self.answers is answers.EVENT_ROUTER

    @property
    def routes(self) -> tuple[str, ...]:
        """Its paths, with a token or a tail behind it where it has one."""
        base = f"{self.path}/{{token}}" if self.door.token else self.path
        return (base, f"{base}/{{tail:.*}}") if self.adapter.tails else (base,)


def endpoints(config: WebhookConfig) -> tuple[Endpoint, ...]:
    """Every endpoint of the configuration, in its order."""
    return tuple(_endpoint(config, name) for name in config.served)


def _endpoint(config: WebhookConfig, name: str) -> Endpoint:
    given = config.served[name]
    adapter = registry.build(given)
    return Endpoint(
        name,
        config.path(name),
        adapter,
        door(given.door, config.token),
        Limiter(given.rate) if given.rate else None,
        _handshake(given, ", ".join(adapter.methods)),
        answers.EVENT_ROUTER if given.type == "event-router" else answers.PLAIN,
    )


def _handshake(given: EndpointConfig, allow: str) -> Handshake | None:
    if given.origins:
        return Handshake(given.origins, allow=allow)
    return Handshake({}, allow=allow, anybody=given.rate or math.inf) if given.type == "event-router" else None
