"""One case per action: what there is to do, and how govc sees that it was done. The conformance suite does the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clients.vsphere.kinds import DATASTORE, FOLDER, HOST, MACHINE, SWITCH
from tests.sinks.vsphere.actions.looking import (
    alarm,
    attributes,
    booted_since,
    exists,
    holds,
    host,
    in_maintenance,
    lease,
    made,
    power,
    registered_and_away,
    size,
    snapshots,
    stores,
    switched,
    switches,
)
from tests.sinks.vsphere.actions.preparing import (
    MADE,
    MARK,
    STAGE,
    bring_back,
    carry,
    leave_maintenance,
    off_and_expired,
    off_and_tagged,
    on_first_host,
    place,
    put,
    take,
    unmake,
    wipe,
)
from tests.support.alarms import ALARM, AlarmManager, turn
from tests.support.machine import MODEL, connect, finish, power_off
from tests.support.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from tests.support.govc import Govc


@dataclass(frozen=True, kw_only=True)
class Case:
    """One action, on a machine of its own that runs or on an object that every simulator has.

    Attributes:
        action: its name.
        kind: what it is done to.
        name: of that object; a machine has a name of its own.
        parameters: what it is told.
        told: what it is told of the object itself, beside that.
        steps: how often it is asked for until all is done.
        prepare: gives it something to do.
        look: the state that it is about, by govc.
        before: the state before it has acted.
        after: the state afterwards.
        calls: what it asks the vCenter for, each once.
        proof: whether the simulator tells afterwards that it was done.
        stand_in: what answers calls that simulators do not have.
        ready: makes an undo possible.
        undone: the state after an undo, where that is not ``before``.
        tidy: leaves the object as it was found.
    """

    action: str
    kind: str = MACHINE
    name: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    told: Callable[[Target], dict[str, Any]] = lambda _: {}
    steps: int = 1
    prepare: Callable[[Target], None] = lambda _: None
    look: Callable[[Govc, Target, CloudEvent], Any]
    before: Any
    after: Any
    calls: tuple[str, ...]
    proof: bool = True
    stand_in: Callable[[pytest.MonkeyPatch], Any] | None = None
    ready: Callable[[Target], None] = lambda _: None
    undone: Any = None
    tidy: Callable[[Target], None] = lambda _: None


CASES = (
    Case(
        action="acknowledge-alarm",
        parameters={"alarm": ALARM},
        prepare=lambda machine: turn(machine, "red"),
        look=alarm,
        before=[("red", False)],
        after=[("red", True)],
        calls=("AcknowledgeAlarm",),
        tidy=lambda machine: turn(machine, "green"),
    ),
    Case(
        action="clear-alarm",
        parameters={"alarm": ALARM},
        stand_in=AlarmManager,
        prepare=lambda machine: turn(machine, "red"),
        look=alarm,
        before=[("red", False)],
        after=[],
        calls=("ClearTriggeredAlarms",),
        tidy=lambda machine: turn(machine, "green"),
    ),
    Case(
        action="clone",
        kind=FOLDER,
        name="vm",
        parameters={**MADE, "source": MODEL, "customization": "vcsim-linux"},
        look=made,
        before=None,
        after=(1, 32, "Anna O'Neil", "poweredOff", [False]),
        calls=("CloneVM_Task",),
        tidy=unmake,
    ),
    Case(
        action="connect-vnic",
        prepare=lambda machine: connect(machine, connected=False),
        look=switches,
        before=[(False, False)],
        after=[(True, True)],
        calls=("ReconfigVM_Task",),
    ),
    Case(
        action="create",
        kind=FOLDER,
        name="vm",
        parameters={**MADE, "network": "VM Network"},
        look=made,
        before=None,
        after=(1, 128, "Anna O'Neil", "poweredOff", [False]),
        calls=("CreateVM_Task",),
        tidy=unmake,
    ),
    Case(
        action="custom-attribute",
        parameters={"attribute": "owner", "value": "{data.UserName} of {data.Vm.Name:nobody}", "create": True},
        look=lambda govc, machine, event: [
            each.replace(machine.name, "NAME") for each in attributes(govc, machine, event)
        ],
        before=[],
        after=["somebody of NAME"],
        undone=[""],
        calls=("SetField",),
    ),
    Case(
        action="destroy",
        parameters={"category": STAGE, "tag": "test"},
        prepare=off_and_expired,
        look=exists,
        before=True,
        after=False,
        calls=("Destroy_Task",),
    ),
    Case(
        action="disable-alarm-actions",
        kind=HOST,
        name="DC0_C0_H1",
        stand_in=AlarmManager,
        look=switched,
        before=True,
        after=False,
        calls=("EnableAlarmActions",),
    ),
    Case(
        action="disconnect-vnic",
        look=switches,
        before=[(True, True)],
        after=[(False, False)],
        calls=("ReconfigVM_Task",),
    ),
    Case(
        action="dvs-mtu",
        kind=SWITCH,
        name="DVS0",
        parameters={"mtu": 9000},
        stand_in=Switch,
        look=lambda *_: Switch.installed().mtu,
        before=1500,
        after=9000,
        calls=("ReconfigureDvs_Task",),
    ),
    Case(
        action="enable-alarm-actions",
        kind=HOST,
        name="DC0_C0_H1",
        stand_in=AlarmManager,
        prepare=lambda host: AlarmManager.installed().off.add(host.moref),
        look=switched,
        before=False,
        after=True,
        calls=("EnableAlarmActions",),
    ),
    Case(
        action="enter-maintenance",
        kind=HOST,
        name="DC0_C0_H1",
        parameters={"within": "10m"},
        look=in_maintenance,
        before=False,
        after=True,
        calls=("EnterMaintenanceMode_Task",),
        tidy=leave_maintenance,
    ),
    Case(
        action="exit-maintenance",
        kind=HOST,
        name="DC0_C0_H1",
        prepare=lambda host: finish(host.session, host.reference.EnterMaintenanceMode_Task(timeout=0)),
        look=in_maintenance,
        before=True,
        after=False,
        calls=("ExitMaintenanceMode_Task",),
        tidy=leave_maintenance,
    ),
    Case(
        action="guest-reboot",
        look=power,
        before="poweredOn",
        after="poweredOn",
        calls=("RebootGuest",),
        proof=False,
    ),
    Case(action="guest-shutdown", look=power, before="poweredOn", after="poweredOff", calls=("ShutdownGuest",)),
    Case(action="hard-reset", look=booted_since, before=False, after=True, calls=("ResetVM_Task",)),
    Case(
        action="lease",
        parameters={"lease": "2026-12-24T18:00:00Z"},
        look=lease,
        before=None,
        after="2026-12-24T18:00:00Z",
        calls=("ReconfigVM_Task",),
    ),
    Case(
        action="migrate",
        parameters={"to": ["dc0_c0_h1"]},
        prepare=on_first_host,
        look=host,
        before="DC0_C0_H0",
        after="DC0_C0_H1",
        calls=("RelocateVM_Task",),
    ),
    Case(action="power-off", look=power, before="poweredOn", after="poweredOff", calls=("PowerOffVM_Task",)),
    Case(
        action="power-on",
        prepare=power_off,
        look=power,
        before="poweredOff",
        after="poweredOn",
        calls=("PowerOnVM_Task",),
    ),
    Case(
        action="preempt",
        parameters={"category": STAGE, "tag": "test", "criticality": "high"},
        prepare=lambda machine: carry(machine, "test"),
        look=power,
        before="poweredOn",
        after="poweredOff",
        calls=("PowerOffVM_Task",),
    ),
    Case(
        action="purge",
        kind=DATASTORE,
        name="LocalDS_0",
        parameters={"path": f"[LocalDS_0] reflexarc-quarantine/{MARK}-own", "mark": MARK},
        prepare=lambda store: put(store, f"reflexarc-quarantine/{MARK}-own"),
        look=lambda _, store, __: holds(store, f"reflexarc-quarantine/{MARK}-own"),
        before=True,
        after=False,
        calls=("DeleteDatastoreFile_Task",),
        tidy=lambda store: wipe(store, "reflexarc-quarantine"),
    ),
    Case(
        action="quarantine",
        parameters={"path": "[LocalDS_0] nowhere/nowhere.vmx", "mark": MARK},
        told=lambda machine: {"path": place(machine)},
        steps=2,
        prepare=power_off,
        look=registered_and_away,
        before=(True, False),
        after=(False, True),
        calls=("UnregisterVM", "MakeDirectory", "MoveDatastoreFile_Task"),
        tidy=bring_back,
    ),
    Case(
        action="resize",
        parameters={"cpus": 2, "memory": "2GiB"},
        look=size,
        before=(1, 1024),
        after=(2, 2048),
        calls=("ReconfigVM_Task",),
        ready=power_off,
    ),
    Case(action="scale", look=size, before=(1, 1024), after=(2, 3072), calls=("ReconfigVM_Task",), ready=power_off),
    Case(
        action="scale-from-tags",
        prepare=off_and_tagged,
        look=size,
        before=(1, 1024),
        after=(2, 4096),
        calls=("ReconfigVM_Task",),
    ),
    Case(action="snapshot", look=snapshots, before=[], after=["EVENT (reflexarc)"], calls=("CreateSnapshot_Task",)),
    Case(
        action="snapshot-retention",
        parameters={"names": ["old *"], "older_than": 0.001},
        prepare=lambda machine: take(machine, "old 1", "kept"),
        look=snapshots,
        before=["old 1", "kept"],
        after=["kept"],
        calls=("RemoveSnapshot_Task",),
    ),
    Case(
        action="storage-move",
        parameters={"to": ["localds_1"]},
        look=stores,
        before=["LocalDS_0"],
        after=["LocalDS_1"],
        calls=("RelocateVM_Task",),
    ),
    Case(
        action="tag",
        parameters={"category": STAGE, "tag": "prod"},
        prepare=lambda machine: carry(machine, "test"),
        look=lambda govc, machine, _: govc.tags("VirtualMachine", machine.moref),
        before=["test"],
        after=["prod"],
        calls=("detach", "attach"),
    ),
)
