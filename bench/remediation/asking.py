"""Requests as a sink would make them, of machines that nobody has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from schemas.remediation.cause import Cause
from schemas.remediation.entity import Entity
from schemas.remediation.request import Request, request_id

if TYPE_CHECKING:
    from collections.abc import Iterator

SINKS: Final[dict[str, dict[str, Any]]] = {
    "grow": {"type": "remediation", "action": "snapshot", "approval": "never"},
    "isolate": {"type": "remediation", "action": "disconnect-vnic", "approval": "never"},
}
LIMITS: Final[dict[str, Any]] = {
    "dry_run": False,
    "allow": [{"names": ["*"]}],
    "blast_radius": [{"per": "vcenter", "actions": 5, "within": "1m"}],
}


def request(sink: str, event: str, machine: int, parameters: dict[str, Any]) -> Request:
    """An alarm of a machine that has turned red just now."""
    now = time.time()
    return Request(
        id=request_id(sink, "https://vc1/sdk", event),
        sink=sink,
        action=SINKS[sink]["action"],
        parameters=parameters,
        scope="vc1",
        entity=Entity(
            vcenter="vc1",
            moref=f"vm-{machine}",
            kind="VirtualMachine",
            name=f"web-{machine}",
            folder="/DC0/vm",
            cluster="domain-c1",
            host="host-1",
            tags=(),
        ),
        cause=Cause(
            source="https://vc1/sdk",
            id=event,
            type="com.vmware.vsphere.AlarmStatusChangedEvent.v0",
            subject="AlarmStatusChangedEvent",
            time=now,
            vcenter="vc1",
            edge=("green", "red"),
        ),
        requester=f"sink/{sink}",
        clock_offset=0.0,
        asked=now,
    )


def storm(count: int, machines: int, parameters: dict[str, Any]) -> Iterator[Request]:
    """So many alarms of so many machines, in turn."""
    for number in range(count):
        yield request("grow", f"storm-{number}", number % machines, parameters)
