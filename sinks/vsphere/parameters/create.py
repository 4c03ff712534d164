"""``action: create`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from sinks.vsphere.parameters.making import Bytes, MakingParameters, Named
from sinks.vsphere.parameters.scale import MEBIBYTE, MOST_CPUS, MOST_MEMORY, Memory

MOST_DISK: Final = 62 * 2**40
"""Bytes: vSphere's own limit of a disk."""

Guest = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9_]{1,64}\z")]


class CreateParameters(MakingParameters):
    """An empty machine."""

    cpus: int = Field(1, ge=1, le=MOST_CPUS, strict=True, description="Virtual CPUs.")
    memory: Memory = Field(128 * MEBIBYTE, gt=0, le=MOST_MEMORY, description="Memory.")
    disk: Bytes = Field(128 * MEBIBYTE, ge=MEBIBYTE, le=MOST_DISK, description="Its one disk, thin provisioned.")
    network: Named = Field("", description="Name of the network of its one adapter; default: it has no adapter.")
    guest_id: Guest = Field("otherGuest", description="Which guest it is made for, as vSphere calls it.")
