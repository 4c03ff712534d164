"""The connections of all endpoints that have one, beside the server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from ingest.webhook.slack import permission

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingest.webhook.admission import Admission
    from ingest.webhook.intake import Intake
    from schemas.config import WebhookConfig

CONNECTIONS: Final = 10
"""Connections that Slack allows one app."""


@asynccontextmanager
async def sockets(config: WebhookConfig, *, intake: Intake | None, admission: Admission) -> AsyncIterator[None]:
    """Follow Slack wherever ``socket_mode`` is configured, while the block runs."""
    following = [
        asyncio.create_task(_followed(config, name, intake, admission))
        for name, endpoint in config.served.items()
        if endpoint.slack is not None and endpoint.slack.socket_mode is not None
    ]
    try:
        yield
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)


async def _followed(config: WebhookConfig, name: str, intake: Intake | None, admission: Admission) -> None:
    # The library is imported where it is used.
    from ingest.webhook.slack.envelopes import Envelopes  # noqa: PLC0415
    from ingest.webhook.slack.socket import follow  # noqa: PLC0415

    settings = config.served[name].slack
    assert intake is not None  # noqa: S101 - an endpoint of type slack has a topic
    assert settings is not None  # noqa: S101 - as the caller has seen
    assert settings.socket_mode is not None  # noqa: S101 - as the caller has seen
    permission.begin(name)
    envelopes = Envelopes(settings, intake=intake, admission=admission, endpoint=name, path=config.path(name))
    await follow(settings.socket_mode, envelopes, endpoint=name)
