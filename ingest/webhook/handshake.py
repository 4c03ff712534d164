"""The hand-shake of CloudEvents' webhook specification: who may send here, and how often.

``WebHook-Request-Callback`` is never called: a stranger could have this server call any address.
"""

from __future__ import annotations

import math
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
        anybody: what every other origin is told that it may send; it is for somebody else to enforce. None: nothing.
    """

    def __init__(self, origins: Mapping[str, float], *, allow: str, anybody: float | None = None) -> None:
        self._origins = origins
        self._allow = allow
        self._anybody = anybody
        self._limiters = {name: Limiter(rate) for name, rate in origins.items()}

    async def answer(self, request: web.Request) -> web.Response:
        """Grant an origin what it may send, in requests per minute.

        Raises:
            Problem: 403 for an origin that is not known, 400 without one.
        """
        origin = request.headers.get(_ORIGIN)
        if origin is None:
            raise Problem(400, f"Say who asks in {_ORIGIN}.", field=_ORIGIN.lower(), headers={"Allow": self._allow})
        known = self._known(origin)
        rate = self._origins[known] if known is not None else self._anybody or math.inf
        granted = {
            "Allow": self._allow,
            "WebHook-Allowed-Origin": "*" if known is None else origin,
            "WebHook-Allowed-Rate": "*" if math.isinf(rate) else str(max(1, int(rate * 60))),
        }
        return web.Response(status=200, headers=granted)

    def take(self, headers: Mapping[str, str]) -> None:
        """Count a delivery of an origin; one that names none is nobody's.

        Raises:
            Problem: 403 for an origin that is not known, 429 for one that sends more than it was granted.
        """
        origin = headers.get(_ORIGIN)
        if origin is not None and (known := self._known(origin)) is not None:
            self._limiters[known].take(known)

    def _known(self, origin: str) -> str | None:
        """Its name in the configuration; None where it is as good as anybody."""
        if origin.lower() in self._origins:
            return origin.lower()
        if self._anybody is None:
            raise Problem(403, "This origin may not send here.", field=_ORIGIN.lower())
        return None
