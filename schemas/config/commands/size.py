"""How large a machine may be said to be."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.units import Size, format_size

MOST_CPUS: Final = 768
MOST_MEMORY: Final = 24 * 2**40
"""Virtual CPUs and bytes: vSphere's own limits (configuration maximums of 8.0)."""

STEP: Final = 4 * 2**20
"""Bytes: vSphere gives memory in multiples of it."""


def _whole(size: int) -> int:
    if not 0 < size <= MOST_MEMORY:
        raise Fault("is not a size that a machine has", f"write {format_size(STEP)} to {format_size(MOST_MEMORY)}")
    if size % STEP:
        raise Fault(f"is no multiple of {format_size(STEP)}", f"write {format_size(size // STEP * STEP + STEP)}")
    return size


Memory = Annotated[Size, AfterValidator(_whole)]
Cpus = Annotated[int, Field(ge=1, le=MOST_CPUS, strict=True)]


class SizeConfig(Model):
    """A size by name, for ``transform``."""

    cpus: Cpus = Field(description="Virtual CPUs.")
    memory: Memory = Field(description="Memory.")
