"""Who may send: a bearer token (RFC 6750) before every path, when the configuration names one."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Middleware

    from schemas.config import Secret

_CHALLENGE = 'Bearer realm="reflexarc"'


def door(token: Secret | None) -> Middleware:
    """Return the middleware that answers 401 to whoever does not know the token.

    The token is read at every request, so that a rotated file counts at once. It is taken from the header only:
    the ``access_token`` query parameter would end up in the access logs of every proxy on the way.
    """

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if token is not None:
            _check(request.headers.get(hdrs.AUTHORIZATION), token.reveal())
        return await handler(request)

    return check


def _check(authorization: str | None, token: str) -> None:
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Problem(401, "Send the header Authorization: Bearer <token>.", headers={"WWW-Authenticate": _CHALLENGE})
    # Header bytes that are not UTF-8 arrive as lone surrogates; an emptied token file must open to nobody.
    given = credentials.strip().encode("utf-8", "surrogateescape")
    if not token or not hmac.compare_digest(given, token.encode("utf-8", "surrogateescape")):
        raise Problem(
            401,
            "The bearer token is not the configured one.",
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
        )
