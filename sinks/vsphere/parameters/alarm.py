"""The actions on alarms in the configuration."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from schemas.config import Duration, Model
from sinks.vsphere.parameters.kind import Kind
from sinks.vsphere.parameters.tag import Name

LONGEST: Final = 30 * 86_400.0
"""Seconds for which alarms may do nothing before they are turned on again."""


class AlarmActionsParameters(Model):
    """Whose alarms do something, or do not."""

    kind: Kind = Field("HostSystem", description="What it is done to.")


class DisableAlarmActionsParameters(AlarmActionsParameters):
    """Whose alarms do nothing, and for how long."""

    expires: Duration | None = Field(
        3600.0, gt=0, le=LONGEST, description="After this time they do something again; null: never."
    )


class AlarmParameters(Model):
    """Which alarm of which kind of object."""

    alarm: Name | None = Field(None, description="Name of the alarm; default: the one that the event is about.")
    kind: Kind = Field("VirtualMachine", description="What the alarm is about.")
