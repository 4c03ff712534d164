"""``action: snapshot`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Fault, Model
from sinks.template import LONGEST, Template, TemplateText

ID: Final = "id"

CHAIN: Final = 32
"""vSphere takes no longer one (Knowledge Base 1025279)."""


def _holds_the_id(text: str) -> str:
    if ID not in {field.name for field in Template.of(text).fields}:
        raise Fault("does not hold {id}", "add it: by the event's id a second delivery knows the snapshot of the first")
    return text


class SnapshotParameters(Model):
    """How a snapshot is called and what is in it."""

    name: Annotated[TemplateText, AfterValidator(_holds_the_id)] = Field(
        "{id} (reflexarc)", max_length=LONGEST, description="Template of its name, with {id} in it."
    )
    description: TemplateText = Field(
        "{type} of {source}", max_length=LONGEST, description="Template of its description."
    )
    memory: bool = Field(default=False, description="With the memory of a machine that runs; takes its time.")
    quiesce: bool = Field(
        default=False, description="Have VMware Tools bring the file systems of a machine that runs to rest."
    )
    limit: int = Field(
        3, ge=1, le=CHAIN, strict=True, description="A machine that has so many snapshots gets no further one."
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> SnapshotParameters:
        if self.memory and self.quiesce:
            raise Fault("has no effect with memory", "set one of them to false", field="quiesce")
        return self
