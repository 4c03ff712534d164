"""A secret at the end of the path, for senders that can set no header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.webhook.doors.secrets import knows
from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from ingest.webhook.doors.visitor import Check, Visitor
    from schemas.config import Secret


def path_token(token: Secret) -> Check:
    """Let in who knows it; for everybody else there is nothing at this path (404)."""

    def check(visitor: Visitor) -> None:
        if not knows(visitor.token, token):
            raise Problem(404, "There is nothing here; GET / lists the endpoints.")

    return check
