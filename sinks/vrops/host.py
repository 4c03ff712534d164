"""Which host an event is about, and what is to become of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import orjson

from schemas.errors import Reject
from sinks.template import Template

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.vrops.config import VropsConfig

_BEGINS: Final = "EnteredMaintenanceModeEvent"
_ENDS: Final = "ExitMaintenanceModeEvent"

_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
_LONGEST_NAME: Final = 255


class Host(NamedTuple):
    """A host as its vCenter knows it.

    Attributes:
        vcenter: configured name.
        reference: managed object id.
        name: as the event has it.
    """

    vcenter: str
    reference: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.vcenter}/{self.reference})"


def host(event: CloudEvent) -> Host:
    """The host in ``vcenter`` and ``Host`` of a vCenter's event.

    Raises:
        Reject: the event names none.
    """
    vcenter = event.extensions.get("vcenter")
    if not isinstance(vcenter, str) or not vcenter:
        raise Reject("the event names no vCenter: it has no attribute vcenter")
    try:
        data = orjson.loads(event.data or b"")
    except orjson.JSONDecodeError:
        raise Reject("the event's data are not JSON") from None
    reference, name = _at(data, "Host", "Host", "Value"), _at(data, "Host", "Name")
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        raise Reject("the event names no host: Host.Host.Value is no managed object id")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise Reject("the event names no host: its data hold no text at Host.Name")
    return Host(vcenter, reference, name.strip())


def wanted(event: CloudEvent, mode: Literal["enter", "exit", "follow"]) -> bool:
    """Whether the host is to be in maintenance.

    Raises:
        Reject: the event says neither that it has begun nor that it has ended.
    """
    if mode != "follow":
        return mode == "enter"
    if event.subject not in {_BEGINS, _ENDS}:
        what = str(event.subject)[:100]
        raise Reject(f"{what!a} is neither {_BEGINS} nor {_ENDS}, and mode: follow goes by these")
    return event.subject == _BEGINS


def limit(event: CloudEvent, config: VropsConfig, *, now: datetime) -> str:
    """The query that says when maintenance ends by itself; empty: never.

    Raises:
        Reject: the event's end is no time, or is over.
    """
    if config.duration is not None:
        return f"?duration={int(config.duration // 60)}"
    if config.end is None:
        return ""
    text = Template.of(config.end).render(event)
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        end = None
    if end is None or end.tzinfo is None:
        raise Reject(f"the end of the maintenance, {text[:60]!a}, is no time in RFC 3339")
    if end <= now:
        raise Reject(f"the end of the maintenance, {text[:60]}, is over")
    return f"?end={int(end.astimezone(UTC).timestamp() * 1000)}"


def _at(data: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data
