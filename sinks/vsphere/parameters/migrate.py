"""``action: migrate`` in the configuration."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.config import Fault, Model
from sinks.vsphere.parameters.names import Patterns


class MigrateParameters(Model):
    """On which hosts a machine should be."""

    to: Patterns = Field((), description="Names of hosts it should be on, with * and ?; default: any of its cluster.")
    off: Patterns = Field((), description="Names of hosts it should not be on, with * and ?.")

    @model_validator(mode="after")
    def _says_where(self) -> MigrateParameters:
        if not self.to and not self.off:
            raise Fault("is empty, as off is: every host is as good", "name hosts in one of them", field="to")
        return self
