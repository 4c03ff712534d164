"""The ``type`` that functions of an older generation wait for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

TypeFormat = Literal["vsphere", "event-router"]
"""``vsphere``: as on Kafka. ``event-router``: as the VMware event router names it."""

TypeFormatKey = Annotated[
    TypeFormat,
    Field(description="Spelling of the type of vCenter events; event-router: as the VMware event router does."),
]
"""The key ``type_format`` of a sink."""

_VSPHERE: Final = "com.vmware.vsphere."
_EVENT_ROUTER: Final = "com.vmware.event.router/"


def rename(event: CloudEvent, type_format: TypeFormat) -> CloudEvent:
    """The event as the sink wants its ``type`` spelled; events of other sources stay as they are."""
    eventclass = event.extensions.get("eventclass")
    if type_format == "event-router" and event.type.startswith(_VSPHERE) and isinstance(eventclass, str) and eventclass:
        return replace(event, type=f"{_EVENT_ROUTER}{eventclass}")
    return event
