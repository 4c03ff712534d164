"""Account and password (RFC 7617)."""

from __future__ import annotations

import hmac
from base64 import b64decode
from typing import TYPE_CHECKING

from aiohttp import hdrs

from ingest.webhook.doors.secrets import knows
from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from ingest.webhook.doors.visitor import Check, Visitor
    from schemas.config import Secret

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="reflexarc", charset="UTF-8"'}


def basic(username: str, password: Secret) -> Check:
    """Let in who knows both; everybody else hears the same 401, whichever of the two is wrong."""
    known = username.encode()

    def check(visitor: Visitor) -> None:
        name, given = _account(visitor.headers.get(hdrs.AUTHORIZATION, ""))
        if not all([hmac.compare_digest(name.encode("utf-8", "surrogateescape"), known), knows(given, password)]):
            raise Problem(401, "Send the configured account by basic authentication.", headers=_CHALLENGE)

    return check


def _account(authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        account = b64decode(credentials.strip(), validate=True).decode("utf-8", "surrogateescape")
    except ValueError:
        return "", ""
    name, _, given = account.partition(":")
    return name, given
