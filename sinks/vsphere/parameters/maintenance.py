"""``action: enter-maintenance`` and ``exit-maintenance`` in the configuration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.config import Duration, Model

VsanMode = Literal["ensureObjectAccessibility", "evacuateAllData", "noAction"]


class EnterMaintenanceParameters(Model):
    """How long a host may take to get rid of its machines, and what becomes of its data."""

    within: Duration = Field(ge=1, description="How long it may take; then the vCenter gives it up.")
    evacuate_powered_off: bool = Field(default=False, description="Move machines that are off or suspended away, too.")
    vsan: VsanMode | None = Field(None, description="What becomes of its data; must be said in a cluster with vSAN.")


class ExitMaintenanceParameters(Model):
    """How long a host may take to be back."""

    within: Duration = Field(600, ge=1, description="How long it may take; then the vCenter gives it up.")
