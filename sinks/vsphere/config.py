"""What a file says about a ``vsphere`` sink."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sinks.vsphere.asked import ActionSinkConfig


class VsphereConfig(ActionSinkConfig):
    """Which action, on which objects, and how careful."""

    type: Literal["vsphere"] = Field("vsphere", description="Which connector.")
    dry_run: bool = Field(default=True, description="Only say what would be done.")
    allow: tuple[str, ...] = Field((), description="Names that may be touched, with * and ?; default: none.")
    protect: tuple[str, ...] = Field((), description="Names that are never touched, whatever allow says.")
