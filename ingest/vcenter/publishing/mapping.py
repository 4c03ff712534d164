"""A vCenter event as a CloudEvent: the same event gives the same bytes, at any time and on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.vcenter.instant import utc_text
from schemas.cloudevents import CloudEvent

if TYPE_CHECKING:
    from ingest.vcenter.event import VcenterEvent

NOBODY = "-"
"""Stands for the entity in the partition key of an event that is about none, such as a log-in."""


def source_of(url: str, vcenter: str) -> str:
    """The CloudEvents source of a vCenter: its address, or ``recorded:<name>`` for a recording."""
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}/sdk" if where.netloc else f"recorded:{vcenter}"


def event_id(vcenter: str, incarnation: int, key: int) -> str:
    """The CloudEvents id: the same for the same event after any restart or replay."""
    return f"{vcenter}/{incarnation}/{key}"


def to_cloudevent(event: VcenterEvent, *, vcenter: str, incarnation: int, source: str, api_version: str) -> CloudEvent:
    """The CloudEvent of one vCenter event.

    Args:
        event: as decoded.
        vcenter: configured name of where it happened.
        incarnation: the key's incarnation.
        source: see ``source_of``.
        api_version: ``about.apiVersion`` of the vCenter; empty when unknown.

    Raises:
        InvalidEvent: the vCenter gave it a name that no CloudEvent may have.
    """
    extensions = {
        "vcenter": vcenter,
        "eventclass": event.eventclass,
        "partitionkey": f"{vcenter}/{event.entity or NOBODY}",
    }
    if api_version:
        extensions["vsphereapiversion"] = api_version
    return CloudEvent(
        id=event_id(vcenter, incarnation, event.key),
        source=source,
        type=f"com.vmware.vsphere.{event.name}.v0",
        subject=event.name,
        time=utc_text(event.created_time),
        datacontenttype="application/json",
        extensions=extensions,
        data=event.data,
    )
