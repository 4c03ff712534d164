"""Configurations of other routers, and what each of them did with an event.

``ROUTING`` is read from the rules of the originals: which subscribers get an event of a subject. For a router with one
processor that is the processor, whatever the subject (functions choose by topic behind it); for Triggers and functions
their own filters say it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ops.imports import router_config, stack, trigger, veba_array
from schemas.cloudevents import CloudEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.imports.configuration import Configuration
    from ops.imports.original import Original

FOLDER: Final = Path(__file__).parent / "samples"
SECRET: Final = "s3cret-of-the-sample"

CONVERTERS: Final[Mapping[str, Callable[[Original], Configuration]]] = {
    "array": veba_array.convert,
    "router": router_config.convert,
    "trigger": trigger.convert,
    "stack": stack.convert,
    "functions": stack.convert,
}
COMMANDS: Final = {"array": "veba", "router": "veba", "trigger": "trigger", "stack": "stack", "functions": "stack"}

NAMES: Final = tuple(sorted(path.name for path in FOLDER.iterdir()))

OFF, DRS_OFF, ON, DRS_ON = "VmPoweredOffEvent", "DrsVmPoweredOffEvent", "VmPoweredOnEvent", "DrsVmPoweredOnEvent"
REMOVED, MIGRATED, ALARM = "VmRemovedEvent", "VmMigratedEvent", "AlarmStatusChangedEvent"
ENTERED, EXIT = "EnteredMaintenanceModeEvent", "ExitMaintenanceModeEvent"
ATTACH, DETACH, LOGIN = "com.vmware.cis.tagging.attach", "com.vmware.cis.tagging.detach", "com.vmware.sso.LoginFailure"
BACKUP = "com.vmware.applmgmt.backup.job.failed.event"
CLASSES: Final = {ATTACH: "eventex", DETACH: "eventex", LOGIN: "eventex", BACKUP: "extendedevent"}
SUBJECTS: Final = (OFF, DRS_OFF, ON, DRS_ON, REMOVED, MIGRATED, ALARM, ENTERED, EXIT, ATTACH, DETACH, LOGIN, BACKUP)

EVERY: Final = frozenset(SUBJECTS)
VM: Final = frozenset({OFF, ON, REMOVED, MIGRATED})

ROUTING: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "array-openfaas.json": {"openfaas": EVERY},
    "array-eventbridge.json": {},
    "router-openfaas.yaml": {"openfaas": EVERY},
    "router-knative-ref.yaml": {"knative": EVERY},
    "router-knative-uri.yaml": {"knative": EVERY},
    "router-horizon-eventbridge.yaml": {},
    "trigger-v07.yaml": {
        "slack-trigger": frozenset({OFF}),
        "tag-trigger": frozenset({ATTACH}),
        "sockeye-trigger": EVERY,
    },
    "trigger-v08.yaml": {
        "power-off": frozenset({OFF}),
        "horizon": frozenset(),
        "telegram": frozenset({MIGRATED}),
    },
    "trigger-filters.yaml": {
        "all-of-them": frozenset({OFF}),
        "any-of-them": frozenset({REMOVED, ATTACH, DETACH, LOGIN, DRS_OFF, DRS_ON}),
        "classes": frozenset({BACKUP}),
        "same-attribute": VM,
    },
    "trigger-cesql.yaml": {"cesql": frozenset({OFF, ON})},
    "stack.yml": {"openfaas": frozenset({DRS_ON, ATTACH, DETACH, ENTERED, EXIT})},
    "functions.yaml": {"openfaas": frozenset({ON, OFF})},
}
"""Subjects that each subscriber gets, by sample."""


def kind(name: str) -> str:
    """What a sample is."""
    return name.partition(".")[0].partition("-")[0]


def event(subject: str) -> CloudEvent:
    """An event of a vCenter as it is on our topics."""
    return CloudEvent(
        id=f"vc1/i1/{subject}",
        source="https://vc1.example.org/sdk",
        type=f"com.vmware.vsphere.{subject}.v0",
        subject=subject,
        time="2026-11-20T09:36:17.913Z",
        datacontenttype="application/json",
        extensions={"vcenter": "vc1", "eventclass": CLASSES.get(subject, "event"), "partitionkey": "vc1/vm-55"},
        data=b'{"Key":1}',
    )
