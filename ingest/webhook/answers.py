"""What an endpoint says when all is well, and when it is not: senders of old ways want their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aiohttp import web

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.cloudevents import CloudEvent


class Answers(NamedTuple):
    """The words of an endpoint.

    Attributes:
        accepted: Kafka has these events, every one of the request; or there are none, for it was but a test.
        refused: a problem; its status and headers are part of what is promised to senders.
    """

    accepted: Callable[[Sequence[CloudEvent]], web.Response]
    refused: Callable[[Problem], web.Response]


def _accepted(_: Sequence[CloudEvent]) -> web.Response:
    # No body: Knative takes one that is no CloudEvent for a failed delivery and sends again.
    return web.Response(status=202)


def _router_accepted(_: Sequence[CloudEvent]) -> web.Response:
    return web.Response(status=200)


def _router_refused(problem: Problem) -> web.Response:
    response = web.Response(status=problem.status, text=problem.detail, headers=problem.headers)
    if problem.close:
        response.force_close()
    return response


PLAIN: Final = Answers(_accepted, Problem.response)
"""202, and problem details (RFC 9457)."""

EVENT_ROUTER: Final = Answers(_router_accepted, _router_refused)
"""As the VMware event router answers: 200 without a body, and one sentence of plain text."""
