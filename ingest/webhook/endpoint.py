"""The endpoints of this server: where each is, and what becomes of what is sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingest.webhook import registry

if TYPE_CHECKING:
    from ingest.webhook.adapter import Adapter
    from schemas.config import WebhookConfig


class Endpoint(NamedTuple):
    """One path.

    Attributes:
        name: in the configuration.
        path: where its senders post; with ``adapter.tails`` something may follow.
        adapter: what makes events of what they send.
    """

    name: str
    path: str
    adapter: Adapter


def endpoints(config: WebhookConfig) -> tuple[Endpoint, ...]:
    """Every endpoint of the configuration, in its order."""
    return tuple(Endpoint(name, config.path(name), registry.build(given)) for name, given in config.served.items())
