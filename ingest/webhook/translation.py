"""Which failure gets which answer."""

from __future__ import annotations

import logging

from aiohttp import hdrs, web

from clients.kafka.errors import PublishRejected
from ingest.webhook.problem import Problem
from schemas.errors import InvalidEvent, Refused, Unreachable

_log = logging.getLogger(__name__)


def problem_of(error: Exception, request: web.Request) -> Problem:
    """Return what the sender hears of ``error``; what is the operator's business goes to the log."""
    problem = foreseen(error)
    if problem is not None:
        return problem
    match error:
        case web.HTTPRequestEntityTooLarge():
            problem = Problem(413, f"The body is larger than {request.client_max_size} bytes.")
        case web.HTTPNotFound():
            problem = Problem(404, "There is nothing here; GET / lists the endpoints.")
        case web.HTTPMethodNotAllowed():
            allow = error.headers[hdrs.ALLOW]
            problem = Problem(405, f"Only {allow} is for this path.", headers={"Allow": allow})
        case _:
            resource = request.match_info.route.resource  # never the path: a token may be part of it
            _log.error("request for %s failed", resource.canonical if resource else "nothing", exc_info=error)
            problem = Problem(500, "Something is wrong on this side; the operator finds it in the log.")
    return problem


def foreseen(error: Exception) -> Problem | None:
    """The same for what an adapter or Kafka raises, whichever way an event came; None for everything else."""
    match error:
        case Problem():
            problem = error
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
        case _:
            return None
    return problem


def _later(detail: str, *, seconds: int) -> Problem:
    return Problem(503, detail, headers={"Retry-After": str(seconds)})
