"""The HTTP side: routes, limits, and which failure gets which answer."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import orjson
from aiohttp import hdrs, web

from clients.kafka.errors import PublishRejected
from ingest.webhook.door import door
from ingest.webhook.endpoint import Endpoint, endpoints
from ingest.webhook.metrics import observe
from ingest.webhook.problem import Problem
from ingest.webhook.request import Request
from schemas.errors import InvalidEvent, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ingest.webhook.admission import Admission
    from ingest.webhook.intake import Intake
    from schemas.config import WebhookConfig

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_SECONDS = 10.0

_log = logging.getLogger(__name__)


def application(config: WebhookConfig, *, intake: Intake, admission: Admission) -> web.Application:
    """Return the application: every endpoint of the configuration and ``GET /``, all of them behind the door."""
    app = web.Application(client_max_size=config.max_body, middlewares=[observe, _problems, door(config.token)])
    served = endpoints(config)
    app.router.add_get("/", _listing(served))
    for endpoint in served:
        receiver = _receiver(endpoint, intake, admission)
        for method in endpoint.adapter.methods:
            app.router.add_route(method, endpoint.path, receiver)
            if endpoint.adapter.tails:
                app.router.add_route(method, f"{endpoint.path}/{{tail:.*}}", receiver)
    return app


def _receiver(endpoint: Endpoint, intake: Intake, admission: Admission) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        headers = tuple(request.headers.items())
        if reason := endpoint.adapter.refuses(headers):
            raise Problem(415, reason, field="content-type")
        with admission.place():
            tail = request.match_info.get("tail", "")
            sent = Request(request.method, tail, headers, await _body(request), endpoint.name)
            await intake.accept(endpoint.adapter.adapt(sent))
        # No body: Knative takes one that is no CloudEvent for a failed delivery and sends again.
        return web.Response(status=202)

    return receive


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise Problem(408, f"The body was not complete after {BODY_SECONDS:g} s.", close=True) from None
    except (web.RequestPayloadError, ConnectionError):
        raise Problem(400, "The body is cut short, or not in the encoding that its headers name.") from None


def _listing(served: tuple[Endpoint, ...]) -> Handler:
    listing = [
        {"method": method, "path": endpoint.path, "accepts": endpoint.adapter.accepts}
        for endpoint in served
        for method in endpoint.adapter.methods
    ]
    body = orjson.dumps({"endpoints": listing})

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    return answer


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets a clear answer and no traceback
        return _translated(error, request).response()


def _translated(error: Exception, request: web.Request) -> Problem:
    """Return what the sender hears of ``error``; what is the operator's business goes to the log."""
    match error:
        case InvalidEvent():
            field, _, _ = error.message.partition(": ")
            problem = Problem(400, str(error), field=field)
        case PublishRejected():
            _log.warning("event refused by Kafka: %s", error)
            problem = Problem(413, "Kafka will never take this event; with its headers it is too large.")
        case Unreachable():
            problem = _later("Kafka does not answer; send the request again.", seconds=5)
        case Refused():
            _log.error("no event can be accepted: %s", error)
            problem = _later("No event can be accepted until the operator has acted.", seconds=30)
        case web.HTTPRequestEntityTooLarge():
            problem = Problem(413, f"The body is larger than {request.client_max_size} bytes.")
        case web.HTTPNotFound():
            problem = Problem(404, "There is nothing here; GET / lists the endpoints.")
        case web.HTTPMethodNotAllowed():
            allow = error.headers[hdrs.ALLOW]
            problem = Problem(405, f"Only {allow} is for this path.", headers={"Allow": allow})
        case _:
            _log.error("request for %s failed", request.path, exc_info=error)
            problem = Problem(500, "Something is wrong on this side; the operator finds it in the log.")
    return problem


def _later(detail: str, *, seconds: int) -> Problem:
    return Problem(503, detail, headers={"Retry-After": str(seconds)})
