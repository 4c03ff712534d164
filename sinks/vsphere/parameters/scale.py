"""``action: scale`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Fault, Model, Size
from schemas.config.units import format_size

MEBIBYTE: Final = 2**20

MEMORY_STEP: Final = 4
"""MB: vSphere gives memory in multiples of it."""

NEXT_POWER_OFF: Final = "next-power-off"

MOST_CPUS: Final = 768
"""vSphere's own limit (configuration maximums of 8.0)."""

MOST_MEMORY: Final = 24 * 2**40
"""Bytes; likewise."""


def _whole(size: int) -> int:
    step = MEMORY_STEP * MEBIBYTE
    if size % step:
        raise Fault(f"is no multiple of {format_size(step)}", f"write {format_size(size // step * step + step)}")
    return size


Memory = Annotated[Size, AfterValidator(_whole)]


class ScaleParameters(Model):
    """How much larger a machine becomes, and how large at most."""

    add_cpus: int = Field(1, ge=0, le=MOST_CPUS, strict=True, description="Virtual CPUs to add.")
    max_cpus: int = Field(
        4, ge=1, le=MOST_CPUS, strict=True, description="Never more than these; a machine that has more keeps them."
    )
    add_memory: Memory = Field(2048 * MEBIBYTE, le=MOST_MEMORY, description="Memory to add.")
    max_memory: Memory = Field(8192 * MEBIBYTE, gt=0, le=MOST_MEMORY, description="Never more than that; likewise.")

    when: Literal["now", "next-power-off"] = Field(
        "now", description="A machine that runs without hot-add is refused, or tagged for scale-from-tags."
    )

    @model_validator(mode="after")
    def _adds_something(self) -> ScaleParameters:
        if not self.add_cpus and not self.add_memory:
            raise Fault("is 0, as add_memory is: nothing is left to do", "write at least 1", field="add_cpus")
        return self
