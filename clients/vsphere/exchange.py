"""One HTTP request on a pyvmomi stub's own connection pool, answered with bytes instead of objects."""

from __future__ import annotations

import zlib
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

# zlib's flag for "gzip header expected".
GZIP = 31


class TooLarge(HTTPException):
    """The answer exceeds the limit of the reader."""


def get(stub: Any, path: str, *, limit: int) -> tuple[int, bytes]:
    """GET a document beside the SOAP service.

    Args:
        stub: a ``SoapStubAdapter``.
        path: absolute path.
        limit: most bytes accepted in the answer.

    Returns:
        The HTTP status and the body.

    Raises:
        OSError: no connection, time-out, TLS.
        HTTPException: what answers does not speak HTTP; ``TooLarge`` beyond ``limit``.
    """
    return _exchange(stub, ("GET", path, None, {}), limit)


def call(stub: Any, request: tuple[str, str, bytes | None, dict[str, str]], *, limit: int) -> tuple[int, bytes]:
    """Any request to a service beside the SOAP one: method, path, body and headers; the rest as for ``get``."""
    return _exchange(stub, request, limit)


def post(stub: Any, envelope: bytes, *, limit: int) -> tuple[int, bytes]:
    """POST a SOAP envelope within the stub's session; arguments, result and errors as for ``get``."""
    headers = {
        "Cookie": stub.cookie,
        "SOAPAction": stub.versionId,
        "Content-Type": "text/xml; charset=utf-8",
        "Accept-Encoding": "gzip",
    }
    return _exchange(stub, ("POST", stub.path, envelope, headers), limit)


def _exchange(stub: Any, request: tuple[str, str, bytes | None, dict[str, str]], limit: int) -> tuple[int, bytes]:
    connection: HTTPConnection = stub.GetConnection()
    try:
        connection.request(*request)
        response = connection.getresponse()
        answer = _body(response, limit)
    except BaseException:
        # Half an answer may still be on the wire: neither this connection nor its siblings are trusted further.
        connection.close()
        stub.DropConnections()
        raise
    stub.ReturnConnection(connection)
    return response.status, answer


def _body(response: HTTPResponse, limit: int) -> bytes:
    raw = response.read(limit)
    if response.read(1):
        raise TooLarge(f"an answer of more than {limit} bytes")
    if response.length:  # read with a limit, http.client takes a cut connection for the end
        raise IncompleteRead(raw, response.length)
    if response.getheader("Content-Encoding", "identity").lower() != "gzip":
        return raw
    inflater = zlib.decompressobj(GZIP)
    try:
        text = inflater.decompress(raw, limit)
    except zlib.error as error:
        raise HTTPException(f"broken gzip: {error}") from error
    if inflater.unconsumed_tail:
        raise TooLarge(f"an answer of more than {limit} bytes")
    return text
