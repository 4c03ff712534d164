"""One object of a Kubernetes API, as it is now: listed once, then watched.

Source of the rules: the API's own concepts, "Efficient detection of changes". A list gives the object and a version; a
watch from that version gives every change after it; when the API has forgotten that version (410), the list is read
anew.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from clients.kubernetes.connection import Connection, Gone
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.kubernetes.cluster import Cluster

log = logging.getLogger(__name__)

WATCH: Final = 300  # seconds until the API ends a watch, and a new one begins
PAUSE: Final = 1.0  # seconds between two watches
LONGEST_PAUSE: Final = 30.0  # seconds while the API cannot be read


@dataclass(frozen=True, slots=True)
class ObjectName:
    """Names one object of any namespaced kind.

    Attributes:
        api_version: ``v1``, or ``group/version``.
        kind: as in a manifest: ``Broker``.
    """

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


class Followed:
    """The object from ``open`` to ``close``; what was last known of it stays while the API cannot be read.

    Args:
        cluster: where it is.
        name: which object.
        timeout: seconds for one answer of the API.
        pause: seconds between two watches, and the first pause after a failure.
    """

    def __init__(self, cluster: Cluster, name: ObjectName, *, timeout: float, pause: float = PAUSE) -> None:
        self.name = name
        self._api = Connection(cluster, timeout)
        self._pause = pause
        self._path = ""
        self._version: str | None = None
        self._current: Mapping[str, Any] | None = None
        self._following: asyncio.Task[None] | None = None

    @property
    def current(self) -> Mapping[str, Any] | None:
        """The object as last seen; None when there is none of that name."""
        return self._current

    async def open(self) -> None:
        """Read the object and follow it from now on; nothing happens when that is so already.

        Raises:
            Unreachable: the API cannot be read now.
            Refused: the account may not read it, or the API has no such kind.
        """
        if self._following is not None and not self._following.done():
            return
        self._path = await self._resource()
        await self._list()
        self._following = asyncio.create_task(self._follow(), name=f"following {self.name}")

    async def close(self) -> None:
        """Follow no longer; may be repeated."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
        await self._api.close()

    async def _resource(self) -> str:
        """Path of the collection that the kind belongs to, as the API itself names it."""
        name = self.name
        base = f"/api/{name.api_version}" if "/" not in name.api_version else f"/apis/{name.api_version}"
        listed = (await self._api.get(base)).get("resources") or []
        for each in listed:
            if each.get("kind") == name.kind and "/" not in each.get("name", "/"):
                return f"{base}/namespaces/{quote(name.namespace, safe='')}/{each['name']}"
        raise Refused(f"{name.api_version} has no kind {name.kind}", cure="check apiVersion and kind")

    async def _list(self) -> None:
        listed = await self._api.get(self._path, fieldSelector=f"metadata.name={self.name.name}")
        self._version = _version(listed)
        items = listed.get("items") or []
        self._current = items[0] if items else None

    async def _follow(self) -> None:
        failures = 0
        while True:
            try:
                if self._version is None:
                    await self._list()
                await self._watch()
                failures = 0
            except Gone:
                self._version = None
            except (Unreachable, Refused) as error:
                failures += 1
                self._version = None
                log.warning("keeping what is known of %s: %s", self.name, error)
            except Exception:
                failures += 1
                self._version = None
                log.exception("a fault in following %s, keeping what is known of it", self.name)
            await asyncio.sleep(min(self._pause * 2 ** min(failures, 10), LONGEST_PAUSE))

    async def _watch(self) -> None:
        """Take over every change until the API ends the watch."""
        query = {"fieldSelector": f"metadata.name={self.name.name}", "resourceVersion": self._version or ""}
        changes = self._api.lines(self._path, WATCH, allowWatchBookmarks="true", **query)
        async with aclosing(changes):
            async for change in changes:
                self._take(change.get("type"), change.get("object") or {})

    def _take(self, kind: object, seen: dict[str, Any]) -> None:
        if kind == "ERROR":
            problem = Gone if seen.get("code") == 410 else Unreachable
            raise problem(f"the watch of {self.name} ended: {seen.get('reason') or seen.get('code')}")
        self._version = _version(seen)
        if kind in {"ADDED", "MODIFIED"}:
            self._current = seen
        elif kind == "DELETED":
            self._current = None


def _version(found: Mapping[str, Any]) -> str:
    return str((found.get("metadata") or {}).get("resourceVersion", ""))
