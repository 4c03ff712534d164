"""The hand-shake of CloudEvents' webhook specification: who may send here, and how often.

``WebHook-Request-Callback`` is never called: a stranger could have this server call any address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from ingest.webhook.problem import Problem
from ingest.webhook.rate import Limiter

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORIGIN = "WebHook-Request-Origin"


class Handshake:
    """The origins of an endpoint.

    Args:
        origins: what each may send, times per second.
        allow: the methods of the endpoint.
    """

    def __init__(self, origins: Mapping[str, float], *, allow: str) -> None:
        self._origins = origins
        self._allow = allow
        self._limiters = {name: Limiter(rate) for name, rate in origins.items()}

    async def answer(self, request: web.Request) -> web.Response:
        """Grant an origin what it may send, in requests per minute.

        Raises:
            Problem: 403 for an origin that is not known, 400 without one.
        """
        origin = request.headers.get(_ORIGIN)
        if origin is None:
            raise Problem(400, f"Say who asks in {_ORIGIN}.", field=_ORIGIN.lower(), headers={"Allow": self._allow})
        rate = self._origins[self._known(origin)]
        granted = {
            "Allow": self._allow,
            "WebHook-Allowed-Origin": origin,
            "WebHook-Allowed-Rate": str(max(1, int(rate * 60))),
        }
        return web.Response(status=200, headers=granted)

    def take(self, headers: Mapping[str, str]) -> None:
        """Count a delivery of an origin; one that names none is nobody's.

        Raises:
            Problem: 403 for an origin that is not known, 429 for one that sends more than it was granted.
        """
        if (origin := headers.get(_ORIGIN)) is not None:
            self._limiters[self._known(origin)].take(origin.lower())

    def _known(self, origin: str) -> str:
        if origin.lower() not in self._origins:
            raise Problem(403, "This origin may not send here.", field=_ORIGIN.lower())
        return origin.lower()
