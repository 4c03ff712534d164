"""Problem details (RFC 9457): the one shape of every answer that is not a yes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 - the RFC's own term
    """Raised anywhere while a request is handled; the server answers with :meth:`response`.

    Args:
        status: HTTP status, 400 to 599.
        detail: one sentence for the sender, free of secrets and of our internals.
        field: the attribute, header or JSON path at fault, when there is one.
        headers: further response headers, such as ``Retry-After``.
        close: whether the connection ends with this answer.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}
        self.close = close

    def response(self) -> web.Response:
        """Return the answer; without a ``type`` member the title is the status's own phrase (RFC 9457, 4.2.1)."""
        members: dict[str, object] = {
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.field is not None:
            members["field"] = self.field
        response = web.Response(
            status=self.status, body=orjson.dumps(members), content_type=MEDIA_TYPE, headers=self.headers
        )
        if self.close:
            response.force_close()
        return response
