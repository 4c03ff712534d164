"""The HTTP side: which path leads where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from aiohttp import hdrs, web

from ingest.webhook import openapi, stats
from ingest.webhook.claims import RECEIVED
from ingest.webhook.doors.door import door
from ingest.webhook.doors.visitor import Visitor
from ingest.webhook.endpoint import Endpoint, endpoints
from ingest.webhook.metrics import observe
from ingest.webhook.probes import Probes
from ingest.webhook.receiver import Receiver
from ingest.webhook.translation import problem_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from aiohttp.typedefs import Middleware

    from ingest.webhook.admission import Admission
    from ingest.webhook.intake import Intake
    from schemas.config import Secret, WebhookConfig

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    config: WebhookConfig,
    *,
    intake: Intake,
    admission: Admission,
    commands: Intake | None = None,
    sources: stats.Sources | None = None,
    reserved: Sequence[str] = (RECEIVED,),
) -> web.Application:
    """Return the application: every endpoint of the configuration behind its door, the rest behind the token.

    Args:
        config: the ``webhook`` part of the configuration.
        intake: where events go.
        admission: shared by all endpoints.
        commands: where commands go; None when no endpoint takes any.
        sources: whose counters ``/stats`` adds up; None: those of this process and of ``stats.probes``.
        reserved: sources that only events of trusted endpoints may have.
    """
    served = endpoints(config, reserved)
    app = web.Application(client_max_size=config.max_body, middlewares=[observe, _problems, _front(config.token)])
    app.router.add_get("/", _constant(_listing(served)))
    app.router.add_get("/openapi.json", _constant(openapi.document(served, token=config.token is not None)))
    routers: dict[str, Receiver] = {}
    for endpoint in served:
        where = commands if endpoint.commands else intake
        assert where is not None  # noqa: S101 - never on the topic of events
        receiver = Receiver(endpoint, proxies=config.proxies, intake=where, admission=admission)
        for route in endpoint.routes:
            for method in endpoint.adapter.methods:
                app.router.add_route(method, route, receiver.receive)
            if endpoint.adapter.is_ping is not None:
                app.router.add_route(hdrs.METH_GET, route, receiver.ping)
            if endpoint.handshake is not None:
                app.router.add_route(hdrs.METH_OPTIONS, route, receiver.greet)
        if endpoint.counted:
            routers[endpoint.path] = receiver
    if routers:
        told = sources or stats.Sources(config.listen, probes=Probes(config.probes))
        app.router.add_get(stats.PATH, stats.Stats(routers, told).answer)
    return app


def _front(token: Secret | None) -> Middleware:
    """Ask for the server's token wherever no endpoint asks: unknown paths, too, tell strangers nothing."""
    checks = door(None, token).head

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        receiver = getattr(request.match_info.handler, "__self__", None)
        if not isinstance(receiver, Receiver | stats.Stats):
            for look in checks:
                look(Visitor(request.headers, None, "", None))
        return await handler(request)

    return check


def _listing(served: Sequence[Endpoint]) -> dict[str, object]:
    """What is served, for people; a path without the token that may follow."""
    listing = [
        {"method": method, "path": endpoint.path, "accepts": endpoint.adapter.accepts}
        for endpoint in served
        for method in endpoint.adapter.methods
    ]
    return {"endpoints": listing}


def _constant(document: object) -> Handler:
    body = orjson.dumps(document)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    return answer


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets a clear answer and no traceback
        return problem_of(error, request).response()
