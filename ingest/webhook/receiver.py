"""The way of a request through one endpoint: limits, door, body, adapter, Kafka."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from ingest.webhook import body, jsonbounds, metrics
from ingest.webhook.adapter import media_type
from ingest.webhook.doors.address import origin
from ingest.webhook.doors.visitor import Visitor
from ingest.webhook.problem import Problem
from ingest.webhook.rate import household
from ingest.webhook.request import Request
from ingest.webhook.translation import problem_of
from schemas.cloudevents.mediatype import is_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.admission import Admission
    from ingest.webhook.doors.address import Networks
    from ingest.webhook.endpoint import Endpoint
    from ingest.webhook.intake import Intake
    from schemas.cloudevents import CloudEvent


class Receiver:
    """One endpoint of the server.

    Args:
        endpoint: which.
        proxies: addresses of our own reverse proxies.
        intake: where events go.
        admission: shared by all endpoints.
    """

    def __init__(self, endpoint: Endpoint, *, proxies: Networks, intake: Intake, admission: Admission) -> None:
        self._endpoint = endpoint
        self._proxies = proxies
        self._intake = intake
        self._admission = admission
        self._events = metrics.EVENTS.labels(endpoint.path)  # at 0 from the start: the first one is an increase
        self._failures = metrics.FAILURES.labels(endpoint.path)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer that Kafka has every event of the request, or why it has none."""
        try:
            visitor = self.admit(request)
            try:
                events = await self._take(request, visitor)
            except Exception as error:
                if not (
                    isinstance(error, Problem) and error.status == HTTPStatus.UNAUTHORIZED
                ):  # the door's, of a body
                    self._failures.inc()
                raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets a clear answer and no traceback
            return self.refused(problem_of(error, request))
        self._events.inc(len(events))
        return self._endpoint.answers.accepted(events)

    def refused(self, problem: Problem) -> web.Response:
        """What a sender of this endpoint hears of a problem."""
        return self._endpoint.answers.refused(problem)

    def admit(self, request: web.Request) -> Visitor:
        """Who asks, when the door lets them in; it is counted.

        Raises:
            Problem: it does not, or they come too often.
        """
        visitor = self._visitor(request)
        if self._endpoint.limiter is not None:
            self._endpoint.limiter.take(household(visitor.address))
        for look in self._endpoint.door.head:
            look(visitor)
        return visitor

    async def _take(self, request: web.Request, visitor: Visitor) -> Sequence[CloudEvent]:
        if self._endpoint.handshake is not None:
            self._endpoint.handshake.take(request.headers)
        headers = tuple(request.headers.items())
        if reason := self._endpoint.adapter.refuses(headers):
            raise Problem(415, reason, field="content-type")
        with self._admission.place():
            sent = await body.read(request)
            if self._is_ping(sent):
                return ()
            for verify in self._endpoint.door.body:
                verify(visitor, sent)
            encodings = request.headers.getall("Content-Encoding", ())
            content = body.decompressed(sent, encodings, limit=request.client_max_size)
            if is_json(media_type(headers)):
                jsonbounds.check(content)
            tail = request.match_info.get("tail", "")
            given = Request(request.method, tail, headers, content, self._endpoint.name)
            events = self._endpoint.adapter.adapt(given)
            self._endpoint.claims.check(events)
            await self._intake.accept(events)
            return events

    async def ping(self, request: web.Request) -> web.Response:
        """Answer a sender that only tests the way."""
        if self._endpoint.limiter is not None:
            self._endpoint.limiter.take(household(self._visitor(request).address))
        if not self._is_ping(request.query_string.encode()):
            raise web.HTTPMethodNotAllowed("GET", self._endpoint.adapter.methods)
        return self._endpoint.answers.accepted(())

    def _is_ping(self, sent: bytes) -> bool:
        return self._endpoint.adapter.is_ping is not None and self._endpoint.adapter.is_ping(sent)

    async def greet(self, request: web.Request) -> web.Response:
        """Answer a hand-shake; it needs no door, for it only says what the configuration says of who asks."""
        if self._endpoint.limiter is not None:
            self._endpoint.limiter.take(household(self._visitor(request).address))
        if self._endpoint.handshake is None:
            raise web.HTTPMethodNotAllowed("OPTIONS", self._endpoint.adapter.methods)
        return await self._endpoint.handshake.answer(request)

    def _visitor(self, request: web.Request) -> Visitor:
        forwarded = request.headers.getall("X-Forwarded-For", ()) if self._proxies else ()
        address = origin(request.remote or "", forwarded, self._proxies)
        transport = request.transport
        certificate = None if transport is None else transport.get_extra_info("peercert")
        return Visitor(request.headers, address, request.match_info.get("token", ""), certificate)
