"""A stand-in for a Kubernetes API, over real TCP: discovery, lists and watches of namespaced objects."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

import orjson
from aiohttp import web

if TYPE_CHECKING:
    import ssl

BROKERS = "/apis/eventing.knative.dev/v1"
RESOURCES = {
    BROKERS: [{"name": "brokers/status", "kind": "Broker"}, {"name": "brokers", "kind": "Broker"}],
    "/api/v1": [{"name": "services", "kind": "Service"}],
}
SECRET = "token-of-the-account"


class KubernetesApi:
    """Serves what ``put`` and ``delete`` make of it to whoever has the token.

    Attributes:
        token: the only one that is accepted.
        forbidden: answers 403 to everything.
        broken: answers 500 to everything.
        babble: what the next watch begins with.
        requests: path and query of every request.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, token: str = SECRET) -> None:
        self.token = token
        self.forbidden = False
        self.broken = False
        self.babble = b""
        self.requests: list[str] = []
        self._tls = tls
        self._version = 7
        self._oldest = 0
        self._objects: dict[tuple[str, str], dict[str, Any]] = {}
        self._history: list[tuple[int, str, str, dict[str, Any]]] = []
        self._changed = asyncio.Condition()
        self._cut = 0
        self._port = 0
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    async def start(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handle, handler_cancellation=True), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._tls, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await self.cut()
            await runner.cleanup()

    async def put(self, collection: str, name: str, **fields: Any) -> None:
        known = (collection, name) in self._objects
        found = {"metadata": {"name": name, "resourceVersion": str(self._version + 1)}, **fields}
        self._objects[collection, name] = found
        await self._happen("MODIFIED" if known else "ADDED", collection, found)

    async def delete(self, collection: str, name: str) -> None:
        await self._happen("DELETED", collection, self._objects.pop((collection, name)))

    async def bookmark(self, collection: str) -> None:
        await self._happen("BOOKMARK", collection, {"metadata": {}})

    async def forget(self) -> None:
        """Forget the past, as compaction does, and end every watch."""
        self._version += 1
        self._oldest = self._version
        await self.cut()

    async def cut(self) -> None:
        """End every watch."""
        async with self._changed:
            self._cut += 1
            self._changed.notify_all()

    async def _happen(self, kind: str, collection: str, found: dict[str, Any]) -> None:
        async with self._changed:
            self._version += 1
            seen = deepcopy(found)
            seen["metadata"]["resourceVersion"] = str(self._version)
            self._history.append((self._version, kind, collection, seen))
            self._changed.notify_all()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request.path_qs)
        if (refusal := self._refusal(request)) is not None:
            return web.Response(status=refusal)
        if request.path in RESOURCES:
            return _json({"kind": "APIResourceList", "resources": RESOURCES[request.path]})
        name = request.query.get("fieldSelector", "").removeprefix("metadata.name=")
        if request.query.get("watch") == "true":
            return await self._watch(request, name)
        found = self._objects.get((request.path, name))
        return _json({"metadata": {"resourceVersion": str(self._version)}, "items": [found] if found else []})

    def _refusal(self, request: web.BaseRequest) -> int | None:
        if self.broken:
            return 500
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return 401
        if self.forbidden:
            return 403
        return None if request.path in RESOURCES or "/namespaces/" in request.path else 404

    async def _watch(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        babble, self.babble = self.babble, b""
        await response.write(babble)
        version, cut = int(request.query["resourceVersion"]), self._cut
        if version < self._oldest:
            gone = {"kind": "Status", "code": 410, "reason": "Expired"}
            await response.write(orjson.dumps({"type": "ERROR", "object": gone}) + b"\n")
            return response
        while cut == self._cut:
            async with self._changed:
                news = [each for each in self._history if each[0] > version]
                if not news:
                    await self._changed.wait()
                    continue
            for at, kind, collection, found in news:
                version = at
                if collection == request.path and found["metadata"].get("name", name) == name:
                    await response.write(orjson.dumps({"type": kind, "object": found}) + b"\n")
        return response


def _json(answer: object) -> web.Response:
    return web.Response(body=orjson.dumps(answer), content_type="application/json")
