"""What a file says about a ``vsphere`` sink."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from schemas.config import Fault, VcenterName
from sinks.base import SinkConfig
from sinks.vsphere.actions import ACTIONS

_PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


def _path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise Fault("is no path into the event's data", "write names separated by dots: event.metadata.source")
    return text


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise Fault("is no action", f"known: {', '.join(ACTIONS)}")
    return name


class VsphereConfig(SinkConfig):
    """Which action, on which machines, and how careful."""

    type: Literal["vsphere"] = Field("vsphere", description="Which connector.")
    in_flight: int = Field(1, ge=1, le=8, strict=True, description="Machines that are acted on at once.")
    action: Annotated[str, AfterValidator(_action), Field(json_schema_extra={"enum": [*ACTIONS]})] = Field(
        description="What is done to the virtual machine."
    )
    vcenters: tuple[VcenterName, ...] = Field((), description="Where the machine may be; default: every vCenter.")
    target: Annotated[str, AfterValidator(_path)] = Field(
        "event.metadata.source",
        description="Where the event's data name the machine; an event of a vCenter says itself which one it is about.",
    )
    dry_run: bool = Field(default=True, description="Only say what would be done.")
    allow: tuple[str, ...] = Field((), description="Names that may be touched, with * and ?; default: none.")
    protect: tuple[str, ...] = Field((), description="Names that are never touched, whatever allow says.")
