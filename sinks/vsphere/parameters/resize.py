"""``action: resize`` in the configuration."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.config import Fault, Model
from sinks.vsphere.parameters.scale import MEBIBYTE, MOST_CPUS, MOST_MEMORY, Memory


class ResizeParameters(Model):
    """How large a machine should be, and how large it may be."""

    cpus: int | None = Field(
        None, ge=1, le=MOST_CPUS, strict=True, description="Virtual CPUs; default: as many as it has."
    )
    memory: Memory | None = Field(None, gt=0, le=MOST_MEMORY, description="Memory; default: as much as it has.")
    max_cpus: int = Field(4, ge=1, le=MOST_CPUS, strict=True, description="More are refused.")
    max_memory: Memory = Field(8192 * MEBIBYTE, gt=0, le=MOST_MEMORY, description="More is refused.")

    @model_validator(mode="after")
    def _says_something(self) -> ResizeParameters:
        if self.cpus is None and self.memory is None:
            raise Fault("is not said, nor is memory: nothing is left to do", "say one of them", field="cpus")
        return self
