"""Socket Mode: Slack's requests by a connection that we open, for sites that nobody reaches from the internet."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from ingest.webhook.metrics import SOCKET
from schemas.errors import Refused

if TYPE_CHECKING:
    from typing import NoReturn

    from ingest.webhook.slack.envelopes import Envelopes
    from schemas.config.webhook import SocketModeConfig

CONNECT: Final = 20.0
"""Seconds until a connection stands; then its address, which counts once and for a short time, is asked for anew."""

LOOK: Final = 0.5
"""Seconds from one look at a connection to the next."""

FIRST: Final = 1.0
LONGEST: Final = 60.0
"""Seconds between two attempts: the first pause, and the longest that it doubles up to."""

_log = logging.getLogger(__name__)

# The library writes messages, addresses of answers and the address with our ticket into its log.
_SILENT: Final = logging.getLogger(f"{__name__}.library")
_SILENT.setLevel(logging.CRITICAL + 1)


async def follow(config: SocketModeConfig, envelopes: Envelopes, *, endpoint: str) -> NoReturn:
    """Take what Slack has for the app until cancelled; whatever ends a connection, another one is opened.

    Args:
        config: the ``socket_mode`` part of the endpoint.
        envelopes: what becomes of what comes.
        endpoint: its name, for log and metric.
    """
    pause = FIRST
    while True:
        try:
            await _connection(config, envelopes, endpoint)
            pause = FIRST
        except Exception as error:  # noqa: BLE001 - whatever ends it, another one is opened
            _log.warning("%s: Slack is not connected: %s", endpoint, _reason(error))
            pause = min(2 * pause, LONGEST)
        finally:
            SOCKET.labels(endpoint).set(0)
        await asyncio.sleep(pause)


async def _connection(config: SocketModeConfig, envelopes: Envelopes, endpoint: str) -> None:
    """One connection to its end."""
    web = AsyncWebClient(base_url=f"{config.api.rstrip('/')}/", logger=_SILENT, timeout=round(CONNECT))
    client = SocketModeClient(config.app_token.reveal(), _SILENT, web, auto_reconnect_enabled=False)
    client.socket_mode_request_listeners.append(envelopes.take)
    try:
        async with asyncio.timeout(CONNECT):
            client.wss_uri = await client.issue_new_wss_url()
            await client.connect()  # type: ignore[no-untyped-call]
        SOCKET.labels(endpoint).set(1)
        _log.info("%s: connected to Slack", endpoint)
        # While Slack hands over to another connection, the library opens that one itself.
        while client.connect_operation_lock.locked() or await client.is_connected():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(LOOK)
    finally:
        await client.close()  # type: ignore[no-untyped-call]
    _log.info("%s: Slack has ended the connection", endpoint)


def _reason(error: Exception) -> str:
    """What may be said of it: messages of the library hold addresses with tickets."""
    if isinstance(error, SlackApiError):
        return f"Slack says {error.response['error']}"
    return str(error) if isinstance(error, Refused) else type(error).__name__
