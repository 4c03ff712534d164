"""The bytes of a request: complete in time, bounded before and after decompression."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

BODY_SECONDS: Final = 10.0
"""Seconds in which a body must be complete."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_WRAPPED: Final = zlib.MAX_WBITS
_BARE: Final = -zlib.MAX_WBITS  # what some senders call deflate
_DEFLATED: Final = 8  # the method in the first byte of what is wrapped (RFC 1950)


async def read(request: web.Request) -> bytes:
    """The body as it was sent.

    Raises:
        Problem: 408 when it is not complete in time, 400 when it is cut short.
        HTTPRequestEntityTooLarge: it is larger than the application allows.
    """
    if (request.content_length or 0) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise Problem(408, f"The body was not complete after {BODY_SECONDS:g} s.", close=True) from None
    except (web.RequestPayloadError, ConnectionError):
        raise Problem(400, "The body is cut short.") from None


def decompressed(body: bytes, encodings: Sequence[str], *, limit: int) -> bytes:
    """The body without its content encoding.

    Args:
        body: as it was sent.
        encodings: every value of ``Content-Encoding``: gzip or deflate, once.
        limit: bytes that may come of it.

    Raises:
        Problem: 415 for any other encoding, 400 when the body is not in it.
        HTTPRequestEntityTooLarge: more than ``limit`` bytes come of it.
    """
    encoding = ",".join(encodings).strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding in {"gzip", "x-gzip"}:
        bits = _GZIP
    elif encoding == "deflate":
        bits = _WRAPPED if body[:1] and body[0] & 0x0F == _DEFLATED else _BARE
    else:
        detail, accepted = "The content encodings are gzip and deflate.", {"Accept-Encoding": "gzip, deflate"}
        raise Problem(415, detail, field="content-encoding", headers=accepted)
    inflating = zlib.decompressobj(bits)
    try:
        found = inflating.decompress(body, limit + 1)
    except zlib.error:
        found = b""
    if len(found) > limit:
        raise web.HTTPRequestEntityTooLarge(limit)
    if not inflating.eof or inflating.unused_data:
        raise Problem(400, f"The body is not {encoding}, as its header says.", field="content-encoding")
    return found
