"""A bearer token (RFC 6750)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import hdrs

from ingest.webhook.doors.secrets import knows
from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from ingest.webhook.doors.visitor import Check, Visitor
    from schemas.config import Secret

_CHALLENGE = 'Bearer realm="reflexarc"'


def bearer(token: Secret) -> Check:
    """Let in who knows the token; everybody else hears 401.

    It is read at every request, so that a rotated file counts at once, and taken from the header only: the
    ``access_token`` query parameter would end up in the access logs of every proxy on the way.
    """

    def check(visitor: Visitor) -> None:
        scheme, _, credentials = visitor.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer":
            challenge = {"WWW-Authenticate": _CHALLENGE}
            raise Problem(401, "Send the header Authorization: Bearer <token>.", headers=challenge)
        if not knows(credentials.strip(), token):
            challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
            raise Problem(401, "The bearer token is not the configured one.", headers=challenge)

    return check
