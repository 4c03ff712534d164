"""Requests to a Kubernetes API: JSON answers, and answers that go on for minutes, line by line."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import orjson

from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from clients.kubernetes.cluster import Cluster

LARGEST: Final = 4 * 2**20  # bytes of an answer, or of a line of one; etcd keeps objects of 1.5 MiB

_GONE: Final = 410


class Gone(Unreachable):
    """The API has forgotten the version that a watch was to begin with: read anew."""


class Connection:
    """One session with the API; ``close`` ends it.

    Args:
        cluster: where, and who we are.
        timeout: seconds for an answer, or for the beginning of one that goes on.
    """

    def __init__(self, cluster: Cluster, timeout: float) -> None:
        self._cluster = cluster
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """The object that the API answers with.

        Raises:
            Unreachable: no answer, or none that can be used; the same call may succeed later.
            Refused: the API does not let this account do that, or has nothing of the kind.
        """
        async with self._open(path, query, aiohttp.ClientTimeout(total=self._timeout)) as response:
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > LARGEST:
                    raise Unreachable(f"the Kubernetes API's answer to {path} is too long")
            return _object(bytes(body), path)

    async def lines(self, path: str, seconds: int, **query: str) -> AsyncGenerator[dict[str, Any], None]:
        """The objects of an answer that goes on for about ``seconds``, as they come; raises as ``get`` does.

        Silence means that nothing happens, so a connection that has died in silence is noticed at the end only.
        """
        query |= {"watch": "true", "timeoutSeconds": str(seconds)}
        limits = aiohttp.ClientTimeout(sock_connect=self._timeout, sock_read=seconds + self._timeout)
        async with self._open(path, query, limits) as response:
            async for line in response.content:
                yield _object(line, path)

    async def close(self) -> None:
        """End every request; may be repeated."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def _open(
        self, path: str, query: Mapping[str, str], limits: aiohttp.ClientTimeout
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        url = self._cluster.url.rstrip("/")
        token = self._cluster.token
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        if self._session is None:
            self._session = aiohttp.ClientSession(read_bufsize=LARGEST // 2, auto_decompress=False)
        try:
            async with self._session.get(
                f"{url}{path}",
                params=query,
                headers=headers,
                ssl=self._trust(),
                timeout=limits,
                allow_redirects=False,
            ) as response:
                _check(response.status, path)
                yield response
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"cannot read from the Kubernetes API at {url}: {reason}") from None

    def _trust(self) -> ssl.SSLContext | bool:
        """Whom to trust now: authorities are replaced under a running pod."""
        ca_file = self._cluster.ca_file
        return ssl.create_default_context(cafile=ca_file) if ca_file is not None else True


def _check(status: int, path: str) -> None:
    if status == 200:
        return
    if status in {401, 403}:
        cure = "grant its role list and watch on that resource" if status == 403 else "check its token"
        raise Refused(f"the Kubernetes API does not let this account read {path} ({status})", cure=cure)
    if status == 404:
        raise Refused(f"the Kubernetes API has no {path}", cure="check apiVersion and kind")
    if status == _GONE:
        raise Gone(f"the Kubernetes API has forgotten the past of {path}")
    raise Unreachable(f"the Kubernetes API answered {status} to {path}")


def _object(text: bytes, path: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(f"the Kubernetes API's answer to {path} is no JSON object")
    return found
