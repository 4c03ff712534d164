"""The actions on alarms in the configuration."""

from __future__ import annotations

from pydantic import Field

from schemas.config import Model
from sinks.vsphere.parameters.kind import Kind
from sinks.vsphere.parameters.tag import Name


class AlarmActionsParameters(Model):
    """Whose alarms do something, or do not."""

    kind: Kind = Field("HostSystem", description="What it is done to.")


class AlarmParameters(Model):
    """Which alarm of which kind of object."""

    alarm: Name | None = Field(None, description="Name of the alarm; default: the one that the event is about.")
    kind: Kind = Field("VirtualMachine", description="What the alarm is about.")
