"""What a sink asks of Aria Operations: find a host, read it, maintain it, remember that we did."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from clients.http import Channel, NoAnswer
from schemas.errors import Reject, Retry
from sinks.jsonapi import JsonApi, accepted, asked
from sinks.vrops.resource import Resource
from sinks.vrops.token import OperationsToken

if TYPE_CHECKING:
    from clients.http import Client, Method
    from sinks.jsonapi import Answer, Deadline
    from sinks.vrops.config import VropsConfig

PAGE: Final = 1000
PAGES: Final = 10

_HOSTS: Final = "/api/adapterkinds/VMWARE/resourcekinds/HostSystem/resources"


class Operations:
    """One Aria Operations; every method raises ``Retry``, ``Reject``, ``Unavailable`` and ``Refused`` as they are due.

    Args:
        config: the sink.
        http: the client.
    """

    def __init__(self, config: VropsConfig, http: Client) -> None:
        channel = Channel(None if config.ca_file is None else str(config.ca_file), not config.insecure)
        self.token = OperationsToken(config, JsonApi(config.service, channel, http))

    async def hosts(self, name: str, deadline: Deadline) -> list[Resource]:
        """Every host whose name fits: the search is a filter, so other names and other vCenters may be among them."""
        found: list[Resource] = []
        for page in range(PAGES):
            path = f"{_HOSTS}?name={quote(name, safe='')}&page={page}&pageSize={PAGE}"
            value = (await self._asked("GET", path, deadline, "the search for the host")).value
            listed = value.get("resourceList") if isinstance(value, dict) else None
            if not isinstance(listed, list):
                raise Retry("the search for the host was answered without a list")
            found += filter(None, map(Resource.of, listed))
            if len(listed) < PAGE:
                return found
        raise Reject(f"more than {PAGE * PAGES} hosts of Aria Operations fit the name of the host")

    async def read(self, identifier: str, deadline: Deadline) -> Resource:
        """The resource as it is now."""
        value = (await self._asked("GET", f"/api/resources/{identifier}", deadline, "the question for its state")).value
        resource = Resource.of(value)
        if resource is None:
            raise Retry("the question for its state was answered without one")
        return resource

    async def maintain(self, identifier: str, query: str, deadline: Deadline) -> bool:
        """Begin maintenance; False when nobody knows whether it was begun."""
        return await self._changed("PUT", f"/api/resources/{identifier}/maintained{query}", deadline)

    async def unmaintain(self, identifier: str, deadline: Deadline) -> bool:
        """End maintenance; False when nobody knows whether it was ended."""
        return await self._changed("DELETE", f"/api/resources/{identifier}/maintained", deadline)

    async def properties(self, identifier: str, deadline: Deadline) -> dict[str, str]:
        """The latest value of each property."""
        path = f"/api/resources/{identifier}/properties"
        value = (await self._asked("GET", path, deadline, "the question for its properties")).value
        try:
            return {str(each["name"]): str(each["value"]) for each in value["property"] or ()}
        except (KeyError, TypeError):
            raise Retry("the question for its properties was answered without them") from None

    async def remember(self, identifier: str, key: str, value: str, deadline: Deadline) -> None:
        """Give a property a value, as of now."""
        content = {"statKey": key, "timestamps": [int(time.time() * 1000)], "values": [value]}
        path = f"/api/resources/{identifier}/properties"
        await self._asked("POST", path, deadline, "the property", {"property-content": [content]})

    async def _changed(self, method: Method, path: str, deadline: Deadline) -> bool:
        try:
            answer = await self.token.ask(method, path, deadline)
        except NoAnswer:
            return False
        accepted(answer, "the change")
        return True

    async def _asked(self, method: Method, path: str, deadline: Deadline, what: str, body: Any = None) -> Answer:
        return await asked(self.token.ask(method, path, deadline, body), what)
