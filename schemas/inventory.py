"""What is known of one entity of a vCenter, as a record of the compacted topic ``inventory``.

The key is ``<vcenter>/<moref>``, the partition key of the events about that entity; a tombstone means that it is gone.
Under ``<vcenter>/-`` stands a ``Heartbeat``: as of when all of it is true. Values are JSON. Readers ignore members that
they do not know; ``v`` rises only when an old reader would go wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, ClassVar, Final

from pydantic import AwareDatetime, Field, StringConstraints

from schemas.errors import ReflexarcError
from schemas.form import Versioned

VERSION: Final = 1

NOBODY: Final = "-"
"""In the place of a moref: no entity, but the vCenter as a whole."""

LARGEST: Final = 256 * 2**10
"""Bytes of a record's value; an entity that needs more is not told."""

DEEPEST: Final = 64
"""Levels of a folder path."""

MOST: Final = 1024
"""Tags, and custom attributes, of one entity."""

Text = Annotated[str, StringConstraints(max_length=4096)]
Pair = tuple[Text, Text]


class InvalidInventory(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A value that is no record of the inventory, or an entity that does not fit into one; the message says why."""


class _Record(Versioned):
    version: ClassVar = VERSION
    largest: ClassVar = LARGEST
    invalid: ClassVar = InvalidInventory


class EntityRecord(_Record):
    r"""One entity.

    Attributes:
        kind: its class in vSphere, such as ``VirtualMachine``.
        name: as vCenter shows it.
        folder: path of what holds it, from the root: ``/DC0/vm/web``; in names inside of it ``/``, ``\`` and ``%`` are
            ``%2f``, ``%5c`` and ``%25``. None where a part of the way cannot be seen; empty at the top.
        cluster: name of its cluster, or of the one that its host is in.
        resource_pool: name of the pool that it is directly in.
        tags: category and tag by name, sorted.
        attributes: custom attributes, name and value, sorted by name.
        host_name: what the guest calls itself.
        read: when this was last written, UTC. Not when it was last true: that says the heartbeat.
    """

    kind: Text
    name: Text
    folder: Annotated[str, StringConstraints(max_length=16_384, pattern=rf"\A(/[^/]*){{0,{DEEPEST}}}\z")] | None
    cluster: Text | None
    resource_pool: Text | None
    tags: Annotated[tuple[Pair, ...], Field(max_length=MOST)]
    attributes: Annotated[tuple[Pair, ...], Field(max_length=MOST)]
    host_name: Text | None
    read: AwareDatetime

    def digest(self) -> bytes:
        """16 bytes that differ when anything but ``read`` does: what makes it worth writing again."""
        return blake2b(self.model_dump_json(exclude={"read"}).encode(), digest_size=16).digest()


class Heartbeat(_Record):
    """How current one vCenter's entities are; written behind all of them.

    Attributes:
        complete_as_of: every entity is as it was then, or later; by the clock of who reads the vCenter, UTC.
        tags_as_of: the same for tags; None while they cannot be read.
        entities: how many there are.
    """

    complete_as_of: AwareDatetime
    tags_as_of: AwareDatetime | None
    entities: Annotated[int, Field(ge=0)]


def key(vcenter: str, moref: str = NOBODY) -> str:
    """The key of an entity's record, or of the vCenter's heartbeat."""
    return f"{vcenter}/{moref}"


def split(text: str) -> tuple[str, str] | None:
    """The vCenter and the moref of a key, ``NOBODY`` for a heartbeat; None when it is no key of ours."""
    vcenter, slash, moref = text.partition("/")
    return (vcenter, moref) if vcenter and slash and moref else None


def now() -> datetime:
    """The clock of ``read`` and of heartbeats."""
    return datetime.now(UTC)
