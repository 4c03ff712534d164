"""``action: snapshot-retention`` in the configuration."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.config import Duration, Fault, Model, Size
from sinks.vsphere.parameters.names import Patterns


class SnapshotRetentionParameters(Model):
    """Which snapshots have had their time."""

    names: Patterns = Field(
        min_length=1, description="Names or descriptions of snapshots that may be deleted, with * and ?."
    )
    older_than: Duration | None = Field(None, gt=0, description="Delete those that were taken longer ago.")
    larger_than: Size | None = Field(None, gt=0, description="Delete those that take more, however young.")

    @model_validator(mode="after")
    def _bounds_something(self) -> SnapshotRetentionParameters:
        if self.older_than is None and self.larger_than is None:
            cure = "write older_than, larger_than, or both"
            raise Fault("is missing, as larger_than is: no snapshot has had its time", cure, field="older_than")
        return self
