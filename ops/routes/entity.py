"""What an expectation says the inventory knows of its event's entity."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from schemas.config import Fault, Model
from schemas.config.match import OneOrMore
from streams.filters.entity import Entity


def _path(value: object) -> object:
    if value is not None and not (isinstance(value, str) and value.startswith("/") and value.strip("/")):
        raise Fault("is no path of a folder", "begin at the datacenter: /DC0/vm/web")
    return value.rstrip("/") if isinstance(value, str) else value


class KnownEntity(Model):
    """An entity as the inventory has it, read just now; what is left out it does not have."""

    name: str = Field("entity", description="As vCenter shows it.")
    folder: Annotated[str | None, BeforeValidator(_path)] = Field(None, description="Path of what holds it.")
    cluster: str | None = Field(None, description="Name of its cluster.")
    resource_pool: str | None = Field(None, description="Name of its resource pool.")
    tags: dict[str, OneOrMore] = Field({}, description="Its tags, by category.")
    attributes: dict[str, str] = Field({}, description="Its custom attributes.")
    host_name: str | None = Field(None, description="What its guest calls itself.")

    def entity(self) -> Entity:
        """The same as conditions ask it."""
        return Entity(
            name=self.name,
            folder=self.folder,
            cluster=self.cluster,
            resource_pool=self.resource_pool,
            tags=tuple(sorted((category, tag) for category, tags in self.tags.items() for tag in tags)),
            attributes=tuple(sorted(self.attributes.items())),
            host_name=self.host_name,
        )
