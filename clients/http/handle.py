"""A libcurl easy handle: what is set on it, and what has come back on it so far."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import pycurl

from clients.http.failures import failure
from clients.http.response import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clients.http.endpoint import Channel, Endpoint
    from schemas.errors import Unreachable

CONNECT_TIMEOUT = 10.0  # seconds, at most
DRAIN = 1024 * 1024  # bytes read beyond those kept, to save the connection; then it is cut
HTTP2 = bool(pycurl.version_info()[4] & pycurl.VERSION_HTTP2)
"""Whether this libcurl speaks HTTP/2."""

_LOOPBACK = "localhost,127.0.0.0/8,::1"
_NAMES_A_PAUSE = frozenset({429, 503})


class Handle:
    """Carries one request at a time, any number one after the other.

    Args:
        channel: how servers are reached with it.
        headers: whether it keeps the answers' headers.

    Attributes:
        curl: the handle itself.
    """

    __slots__ = ("_body", "_endpoint", "_heads", "_keep", "_received", "_with_body", "curl")

    def __init__(self, channel: Channel, *, headers: bool) -> None:
        self.curl = _new(channel)
        self._endpoint: Endpoint | None = None
        self._with_body: bool | None = None
        self._heads: list[bytes] | None = [] if headers else None
        self._body = bytearray()
        self._keep = 0
        self._received = 0
        self.curl.setopt(pycurl.WRITEFUNCTION, self._receive)

    def prepare(self, endpoint: Endpoint, lines: Sequence[bytes], body: bytes | None) -> None:
        """Set whatever differs from the request before.

        Raises:
            pycurl.error: libcurl refuses a value, such as a malformed URL.
        """
        curl = self.curl
        if endpoint is not self._endpoint or (body is not None) is not self._with_body:
            self._aim(endpoint, with_body=body is not None)
        curl.setopt(pycurl.HTTPHEADER, lines)
        if body is not None:
            curl.setopt(pycurl.POSTFIELDS, body)
        if self._heads is not None:
            heads: list[bytes] = []
            self._heads = heads
            curl.setopt(pycurl.HEADERFUNCTION, heads.append)
        if self._received:
            self._body = bytearray()
            self._received = 0

    def response(self) -> Response:
        """The answer, once libcurl has it."""
        status = self.curl.getinfo(pycurl.RESPONSE_CODE)
        heads: Sequence[bytes] = self._heads or ()
        if self._heads is None and status in _NAMES_A_PAUSE and (pause := self.curl.getinfo(pycurl.RETRY_AFTER)) > 0:
            heads = (b"retry-after: %d" % pause,)
        return Response(status, heads, bytes(self._body), complete=self._received == len(self._body))

    def outcome(self, code: int, detail: str) -> Response | Unreachable:
        """The answer or the error of a transfer that libcurl counts as failed."""
        if code == pycurl.E_WRITE_ERROR:  # cut by _receive: the answer itself is here
            return self.response()
        assert self._endpoint is not None  # noqa: S101 - only what was prepared can fail
        sent = self.curl.getinfo(pycurl.REQUEST_SIZE) > 0
        return failure(self._endpoint.origin, code, detail, sent=sent, timeout=self._endpoint.timeout)

    def close(self) -> None:
        """Give it back to libcurl; nothing may be under way on it."""
        self.curl.close()

    def _aim(self, endpoint: Endpoint, *, with_body: bool) -> None:
        curl = self.curl
        self._endpoint = None  # until all of it is set
        curl.setopt(pycurl.URL, endpoint.url)
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(endpoint.timeout * 1000)))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(endpoint.timeout, CONNECT_TIMEOUT) * 1000)))
        curl.setopt(pycurl.POST if with_body else pycurl.HTTPGET, 1)
        curl.setopt(pycurl.CUSTOMREQUEST, endpoint.method)
        if endpoint.connect_only:
            curl.setopt(pycurl.CONNECT_ONLY, 1)
        self._keep = endpoint.keep
        self._with_body = with_body
        self._endpoint = endpoint

    def _receive(self, chunk: bytes) -> int | None:
        room = self._keep - len(self._body)
        if room > 0:
            self._body += chunk[:room]
        self._received += len(chunk)
        return 0 if self._received > self._keep + DRAIN else None


def _new(channel: Channel, environ: Mapping[str, str] = os.environ) -> pycurl.Curl:
    """An easy handle with every setting that follows from the channel."""
    curl = pycurl.Curl()
    curl.setopt(pycurl.NOSIGNAL, 1)  # signals and threads do not mix
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.TCP_KEEPALIVE, 1)
    if channel.http2:
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        curl.setopt(pycurl.PIPEWAIT, 1)  # rather a stream of a connection that is being made than one more connection
    else:
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    if channel.proxy is None:
        curl.setopt(pycurl.NOPROXY, _no_proxy(environ))
    else:
        curl.setopt(pycurl.PROXY, channel.proxy)
        curl.setopt(pycurl.NOPROXY, "")
    _trust(curl, channel)
    if channel.certificate is not None and channel.key is not None:
        curl.setopt(pycurl.SSLCERT_BLOB, channel.certificate)
        curl.setopt(pycurl.SSLKEY_BLOB, channel.key)
    return curl


def _trust(curl: pycurl.Curl, channel: Channel) -> None:
    if not channel.verify:
        curl.setopt(pycurl.SSL_VERIFYPEER, 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
        return
    # The default of a prebuilt libcurl is the path of the system that built it.
    paths = ssl.get_default_verify_paths()
    for option, path in (
        (pycurl.CAINFO, channel.ca_file or paths.cafile),
        (pycurl.CAPATH, None if channel.ca_file else paths.capath),
    ):
        if path is not None:
            curl.setopt(option, path)


def _no_proxy(environ: Mapping[str, str]) -> str:
    """The environment's exceptions, and loopback in any case: a proxy cannot mean our own machine."""
    exceptions = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return "*" if exceptions.strip() == "*" else f"{exceptions},{_LOOPBACK}".lstrip(",")
