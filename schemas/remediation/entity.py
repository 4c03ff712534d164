"""What is acted on, as it was when it was found."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.remediation.model import Part, Text, Word


class Entity(Part):
    """One managed object of one vCenter.

    Attributes:
        vcenter: configured name of the vCenter.
        moref: its managed object id there.
        kind: its class, such as ``VirtualMachine``.
        name: as the vCenter shows it; of something that is still to be made, the name it gets.
        folder: path of what holds it, or will; of a folder its own; None where a part of the way cannot be seen.
        cluster: managed object id of its cluster; None without one.
        host: managed object id of the host it is on; of a host its own.
        tags: ``category/tag`` by name; None while they are not known.
        template: whether it is a template.
        managed_by: key of the extension that manages it.
        product: of a machine: the product that its vApp properties name, such as ``VMware vCenter Server Appliance``.
        owner: of a machine: the person it was made for, as its extra configuration says.
        new: name of a machine that is still to be made in the folder that this is; None of what is there.
    """

    vcenter: Word
    moref: Word
    kind: Word
    name: Text
    folder: Text | None = None
    cluster: Word | None = None
    host: Word | None = None
    tags: Annotated[tuple[Text, ...], Field(max_length=1024)] | None = None
    template: bool = False
    managed_by: Text | None = None
    product: Text | None = None
    owner: Text | None = None
    new: Text | None = None

    @property
    def key(self) -> str:
        """``<vcenter>/<moref>``: the partition key of the events about it; with ``/<new>`` of what is to be made."""
        return f"{self.vcenter}/{self.moref}" if self.new is None else f"{self.vcenter}/{self.moref}/{self.new}"

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"
