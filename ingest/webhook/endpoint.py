"""The endpoints of this server: where each is, whom it lets in, and what becomes of what is sent there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.webhook import answers, registry
from ingest.webhook.claims import RECEIVED, Claims, claims
from ingest.webhook.doors.door import Door, door
from ingest.webhook.handshake import Handshake
from ingest.webhook.rate import Limiter
from ingest.webhook.slack.answers import SLACK
from schemas.config.webhook.endpoint import AS_SENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.adapter import Adapter
    from schemas.config import EndpointConfig, WebhookConfig

_ANSWERS: Final = {"event-router": answers.EVENT_ROUTER, "slack": SLACK}


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
        commands: whether people ask for something there: their events have a topic of their own.
        claims: what its events may say of where they are from.
    """

    name: str
    path: str
    adapter: Adapter
    door: Door
    limiter: Limiter | None = None
    handshake: Handshake | None = None
    answers: answers.Answers = answers.PLAIN
    commands: bool = False
    claims: Claims = Claims()

    @property
    def counted(self) -> bool:
        """Whether ``/stats`` tells of it: as an event router's."""
        return self.answers is answers.EVENT_ROUTER

    @property
    def routes(self) -> tuple[str, ...]:
        """Its paths, with a token or a tail behind it where it has one."""
        base = f"{self.path}/{{token}}" if self.door.token else self.path
        return (base, f"{base}/{{tail:.*}}") if self.adapter.tails else (base,)


def endpoints(config: WebhookConfig, reserved: Sequence[str] = (RECEIVED,)) -> tuple[Endpoint, ...]:
    """Every endpoint of the configuration that is posted to, in its order.

    Args:
        config: the ``webhook`` part of the configuration.
        reserved: sources that only events of trusted endpoints may have.
    """
    return tuple(_endpoint(config, name, reserved) for name, given in config.served.items() if given.posts)


def _endpoint(config: WebhookConfig, name: str, reserved: Sequence[str]) -> Endpoint:
    given = config.served[name]
    adapter = registry.build(given)
    return Endpoint(
        name,
        config.path(name),
        adapter,
        door(given.door, config.token),
        Limiter(given.rate) if given.rate else None,
        _handshake(given, ", ".join(adapter.methods)),
        _ANSWERS.get(given.type, answers.PLAIN),
        commands=given.type == "slack",
        claims=claims(config, name, reserved) if given.type in AS_SENT else Claims(trusted=True),
    )


def _handshake(given: EndpointConfig, allow: str) -> Handshake | None:
    if given.origins:
        return Handshake(given.origins, allow=allow)
    return Handshake({}, allow=allow, anybody=given.rate or math.inf) if given.type == "event-router" else None
