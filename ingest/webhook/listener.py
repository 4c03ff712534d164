"""The listening socket: opened last, closed first, and not before every request in hand has its answer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aiohttp import web

from ingest.webhook.protocol import Protocol
from ingest.webhook.tls import Tls
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingest.webhook.admission import Admission
    from schemas.config import WebhookConfig

# Longer than a body and an acknowledgement may take, shorter than the 30 s that Kubernetes grants.
_DRAIN_SECONDS = 25.0

# Connections that wait to be taken: with more, senders begin anew after seconds, and after ever more of them.
_BACKLOG = 1024


@asynccontextmanager
async def listening(
    config: WebhookConfig, app: web.Application, admission: Admission, *, share_port: bool = False
) -> AsyncIterator[str]:
    """Serve ``app`` while the block runs; yields the base URL, with the port that was bound.

    Leaving the block stops accepting, answers every request in hand (bounded by 25 s), then closes the connections.

    Args:
        config: where to listen, and with which certificate.
        app: what answers.
        admission: counts the requests in hand.
        share_port: let other processes of the same user that say so, too, listen there; the kernel spreads connections.

    Raises:
        Refused: the address cannot be bound, or the certificate cannot be used.
    """
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    try:
        listener = await _bind(config, runner, share_port=share_port)
        try:
            host, port = listener.sockets[0].getsockname()[:2]
            scheme = "http" if config.tls is None else "https"
            yield f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
        finally:
            listener.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN_SECONDS):
                    await admission.drain()
    finally:
        await runner.cleanup()


async def vacant(config: WebhookConfig) -> None:
    """See that nobody listens there yet, whether they would share the address or not.

    Raises:
        Refused: somebody does, or the address is none of this machine.
    """
    try:
        server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, config.host, config.port, start_serving=False
        )
    except OSError as error:
        raise _taken(config, error) from error
    server.close()


async def _bind(config: WebhookConfig, runner: web.AppRunner, *, share_port: bool) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    server = runner.server
    assert server is not None  # noqa: S101 - the runner is set up
    tls = None if config.tls is None else Tls(config.tls).context
    try:
        return await loop.create_server(
            lambda: Protocol(server, loop=loop),
            config.host,
            config.port,
            ssl=tls,
            backlog=_BACKLOG,
            reuse_port=share_port or None,
        )
    except OSError as error:
        raise _taken(config, error) from error


def _taken(config: WebhookConfig, error: OSError) -> Refused:
    return Refused(f"cannot listen on {config.listen}: {error.strerror}", cure="free it, or change webhook.listen")
