"""What this process counts, in Prometheus' default registry."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from aiohttp import web
from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

REQUESTS = Counter(
    "reflexarc_webhook_requests",
    "Requests answered, by path of the endpoint ('other' for unknown paths and methods) and status.",
    ["endpoint", "status"],
)
EVENTS = Counter(
    "reflexarc_webhook_events",
    "Events that Kafka has acknowledged, by path of the endpoint; of Slack those by Socket Mode, too.",
    ["endpoint"],
)
FAILURES = Counter(
    "reflexarc_webhook_failures",
    "Requests that the door let in and that were refused all the same, by path of the endpoint.",
    ["endpoint"],
)
NOT_ALLOWED = Counter(
    "reflexarc_webhook_not_allowed",
    "Commands of people who may not give any, by name of the endpoint.",
    ["name"],
)
SOCKET = Gauge(
    "reflexarc_webhook_socket_connected",
    "1 while an endpoint is connected to Slack by Socket Mode, by its name.",
    ["name"],
)
PROCESS = Gauge(
    "reflexarc_webhook_process",
    "A number drawn at the start: GET /stats tells by it whom it has asked already.",
)
PUBLISH_SECONDS = Histogram(
    "reflexarc_webhook_publish_seconds",
    "Time from an event's hand-over to the producer until the broker's ack, or until it was given up.",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_BITS: Final = 48
PROCESS.set(secrets.randbits(_BITS))


@web.middleware
async def observe(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Count the answer; outermost, so that refusals by the other middlewares count too."""
    response = await handler(request)
    # The route's own path, never the request's: a label must not grow with what strangers send.
    resource = request.match_info.route.resource
    endpoint = "other" if resource is None else resource.canonical.partition("/{")[0]
    _answered(endpoint, response.status).inc()
    return response


@lru_cache
def _answered(endpoint: str, status: int) -> Counter:
    return REQUESTS.labels(endpoint=endpoint, status=str(status))
