"""A request together with what follows from it, before Kafka is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.events.condition import condition
from ops.replay.permission import known, permit
from ops.replay.routes import compiled, read_routes, relevant
from streams.routing.activation import fingerprint

if TYPE_CHECKING:
    from ops.replay.request import Request
    from schemas.config import Config
    from streams.routing.index import RouteIndex
    from streams.routing.route import Route


@dataclass(frozen=True, slots=True)
class Plan:
    """How a request is carried out.

    Attributes:
        request: with the sinks that there are.
        wanted: conditions that must all hold.
        index: the routes that are followed.
        fingerprint: of those routes.
        throttled: names of the routes that are left out.
    """

    request: Request
    wanted: tuple[Route, ...]
    index: RouteIndex
    fingerprint: str
    throttled: tuple[str, ...]


def plan(config: Config, request: Request, *, dry_run: bool) -> Plan:
    """What a request comes to; a dry run needs no permission. Blocks when patterns of rules must be fetched.

    Raises:
        ConfigError: the file of the routes has faults.
        Refused: a sink has side effects, which the request does not allow.
        ReflexarcError: a sink, a condition or the routes are not what a replay can work with.
    """
    sinks = known(request.sinks, config.sinks)
    permit(sinks, config.sinks, allowed=request.allow_side_effects or dry_run)
    wanted = tuple(condition(spelled) for spelled in request.match)
    routes = config.routes if request.routes is None else read_routes(request.routes, config)
    taken, throttled = relevant(routes, sinks)
    chosen = request.model_copy(update={"sinks": sinks})
    return Plan(chosen, wanted, compiled(taken), fingerprint(taken), throttled)
