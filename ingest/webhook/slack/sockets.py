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
    from schemas.config.webhook import SlackConfig, SocketModeConfig

CONNECTIONS: Final = 10
"""Connections that Slack allows one app."""


@asynccontextmanager
async def sockets(config: WebhookConfig, *, intake: Intake | None, admission: Admission) -> AsyncIterator[None]:
    """Follow Slack wherever ``socket_mode`` is configured, while the block runs."""
    following = [
        asyncio.create_task(_followed(slack, slack.socket_mode, intake, admission, name=name, path=config.path(name)))
        for name, endpoint in config.served.items()
        if (slack := endpoint.slack) is not None and slack.socket_mode is not None
    ]
    try:
        yield
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)


async def _followed(
    settings: SlackConfig,
    mode: SocketModeConfig,
    intake: Intake | None,
    admission: Admission,
    *,
    name: str,
    path: str,
) -> None:
    # The library is imported where it is used.
    from ingest.webhook.slack.envelopes import Envelopes  # noqa: PLC0415
    from ingest.webhook.slack.socket import follow  # noqa: PLC0415

    assert intake is not None  # noqa: S101 - an endpoint of type slack has a topic
    permission.begin(name)
    envelopes = Envelopes(settings, intake=intake, admission=admission, endpoint=name, path=path)
    await follow(mode, envelopes, endpoint=name)
