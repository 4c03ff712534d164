"""``action: clone`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from sinks.vsphere.parameters.making import Bytes, MakingParameters, Named
from sinks.vsphere.parameters.scale import MOST_CPUS, MOST_MEMORY

MOST_DISKS: Final = 1024 * 2**40
"""Bytes: more than all disks of a machine can have."""


class CloneParameters(MakingParameters):
    """A machine like another one."""

    source: Annotated[str, Field(min_length=1, max_length=240)] = Field(
        description="Name of the machine or template that is cloned, or its managed object id."
    )
    template: bool = Field(default=False, description="Whether only a template may be cloned.")
    customization: Named = Field(
        "", description="Name of the vCenter's customization specification; default: the guest stays as it is."
    )
    power_on: bool = Field(default=False, description="Whether it is powered on.")
    max_cpus: int = Field(
        MOST_CPUS, ge=1, le=MOST_CPUS, strict=True, description="What is cloned has no more virtual CPUs."
    )
    max_memory: Bytes = Field(MOST_MEMORY, gt=0, le=MOST_MEMORY, description="It has no more memory.")
    max_disk: Bytes = Field(MOST_DISKS, gt=0, le=MOST_DISKS, description="Its disks have no more in all.")
