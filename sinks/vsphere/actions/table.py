"""Every action there is: the one table from ``action`` in the configuration to a class and its parameters."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.vsphere.kinds import DATASTORE, FOLDER, HOST, MACHINE, SWITCH
from sinks.vsphere.parameters.alarm import AlarmActionsParameters, AlarmParameters, DisableAlarmActionsParameters
from sinks.vsphere.parameters.clone import CloneParameters
from sinks.vsphere.parameters.create import CreateParameters
from sinks.vsphere.parameters.custom_attribute import CustomAttributeParameters
from sinks.vsphere.parameters.destroy import DestroyParameters
from sinks.vsphere.parameters.disconnect import DisconnectParameters
from sinks.vsphere.parameters.dvs_mtu import DvsMtuParameters
from sinks.vsphere.parameters.lease import LeaseParameters
from sinks.vsphere.parameters.maintenance import EnterMaintenanceParameters, ExitMaintenanceParameters
from sinks.vsphere.parameters.migrate import MigrateParameters
from sinks.vsphere.parameters.none import NoParameters
from sinks.vsphere.parameters.preempt import PreemptParameters
from sinks.vsphere.parameters.quarantine import PurgeParameters, QuarantineParameters
from sinks.vsphere.parameters.resize import ResizeParameters
from sinks.vsphere.parameters.scale import ScaleParameters
from sinks.vsphere.parameters.scale_from_tags import ScaleFromTagsParameters
from sinks.vsphere.parameters.snapshot import SnapshotParameters
from sinks.vsphere.parameters.snapshot_retention import SnapshotRetentionParameters
from sinks.vsphere.parameters.storage_move import StorageMoveParameters
from sinks.vsphere.parameters.tag import TagParameters

if TYPE_CHECKING:
    from schemas.config import Model
    from sinks.vsphere.actions.base import Action


class Entry(NamedTuple):
    """One action, and what others have to know of it without pyvmomi.

    Attributes:
        where: module and class; imported, with pyvmomi, only when the configuration names the action.
        parameters: what may stand below ``parameters`` in the configuration.
        kind: managed object class of what it is done to; parameters with a ``kind`` of their own say otherwise.
        undoable: whether it can bring back what it has changed.
        approval: whether a person is asked first, unless the configuration says otherwise.
        undo_approval: the same of its undo, where that was asked for by a command: whether it does by another name what
            needs approval by its own.
        urgent: whether it goes before others that wait.
        removes: whether the object is gone afterwards; one that is not there any more is as it should be.
        chosen_from: managed object class of what such objects share: for an event about one of these a ``remediation``
            sink chooses some of them, and the action is ``Choosing``. Empty where there is no such thing.
        makes: whether it makes a machine, called as its parameter ``name`` says, in what it is done to.
        lane: the kind of work that is bounded together with others; the action's own name unless it says otherwise.
    """

    where: str
    parameters: type[Model] = NoParameters
    kind: str = MACHINE
    undoable: bool = False
    approval: bool = False
    undo_approval: bool = False
    urgent: bool = False
    removes: bool = False
    chosen_from: str = ""
    makes: bool = False
    lane: str = ""


RELOCATE: Final = "relocate"
"""The lane of whatever moves machines: a vCenter does few of these at a time."""

_ENTRIES: Final = {
    "acknowledge-alarm": Entry("acknowledge_alarm:AcknowledgeAlarm", AlarmParameters),
    "clear-alarm": Entry("clear_alarm:ClearAlarm", AlarmParameters),
    "clone": Entry("clone:Clone", CloneParameters, kind=FOLDER, undoable=True, undo_approval=True, makes=True),
    "connect-vnic": Entry("connect_vnic:ConnectVnic", undoable=True),
    "create": Entry("create:Create", CreateParameters, kind=FOLDER, undoable=True, undo_approval=True, makes=True),
    "custom-attribute": Entry("custom_attribute:CustomAttribute", CustomAttributeParameters, undoable=True),
    "destroy": Entry("destroy:Destroy", DestroyParameters, approval=True, removes=True),
    "disable-alarm-actions": Entry(
        "alarm_actions:DisableAlarmActions", DisableAlarmActionsParameters, kind=HOST, undoable=True, approval=True
    ),
    "disconnect-vnic": Entry("disconnect_vnic:DisconnectVnic", DisconnectParameters, undoable=True, urgent=True),
    "dvs-mtu": Entry("dvs_mtu:DvsMtu", DvsMtuParameters, kind=SWITCH, undoable=True, undo_approval=True, approval=True),
    "enable-alarm-actions": Entry("alarm_actions:EnableAlarmActions", AlarmActionsParameters, kind=HOST, undoable=True),
    "enter-maintenance": Entry(
        "enter_maintenance:EnterMaintenance", EnterMaintenanceParameters, kind=HOST, undoable=True, approval=True
    ),
    "exit-maintenance": Entry("exit_maintenance:ExitMaintenance", ExitMaintenanceParameters, kind=HOST),
    "guest-reboot": Entry("guest_reboot:GuestReboot"),
    "guest-shutdown": Entry("guest_shutdown:GuestShutdown", undoable=True),
    "hard-reset": Entry("hard_reset:HardReset", approval=True),
    "lease": Entry("lease:Lease", LeaseParameters, undoable=True),
    "migrate": Entry(
        "migrate:Migrate", MigrateParameters, undoable=True, undo_approval=True, approval=True, lane=RELOCATE
    ),
    "power-off": Entry("power_off:PowerOff", undoable=True, approval=True),
    "power-on": Entry("power_on:PowerOn", undoable=True, undo_approval=True),
    "preempt": Entry("preempt:Preempt", PreemptParameters, undoable=True, approval=True),
    "purge": Entry("purge:Purge", PurgeParameters, kind=DATASTORE, approval=True),
    "quarantine": Entry("quarantine:Quarantine", QuarantineParameters, undoable=True, removes=True),
    "resize": Entry("resize:Resize", ResizeParameters, undoable=True),
    "scale": Entry("scale:Scale", ScaleParameters, undoable=True),
    "scale-from-tags": Entry("scale_from_tags:ScaleFromTags", ScaleFromTagsParameters, undoable=True),
    "snapshot": Entry("snapshot:Snapshot", SnapshotParameters, undoable=True),
    "snapshot-retention": Entry("snapshot_retention:SnapshotRetention", SnapshotRetentionParameters, approval=True),
    "storage-move": Entry(
        "storage_move:StorageMove", StorageMoveParameters, undoable=True, chosen_from=DATASTORE, lane=RELOCATE
    ),
    "tag": Entry("tag:Tag", TagParameters, undoable=True),
}

ACTIONS: Final = {
    name: entry._replace(where=f"sinks.vsphere.actions.{entry.where}", lane=entry.lane or name)
    for name, entry in _ENTRIES.items()
}
"""By name."""


def parameters(name: str) -> type[Model]:
    """The model of what the action called ``name`` may be told."""
    return ACTIONS[name].parameters


def kind(name: str, given: Model) -> str:
    """Managed object class of what the action called ``name``, told ``given``, is done to."""
    return str(getattr(given, "kind", ACTIONS[name].kind))


def new(name: str, given: Model) -> str | None:
    """Name of the machine that the action called ``name``, told ``given``, makes; None when it makes none."""
    return str(getattr(given, "name", "")) if ACTIONS[name].makes else None


def build(name: str, given: Model) -> Action:
    """The action called ``name``, one of ``ACTIONS``.

    Args:
        name: which.
        given: an instance of its ``parameters``.
    """
    action = _load(name)
    built: Action = action(given) if type(given).model_fields else action()
    return built


def privileges(name: str, given: Model) -> tuple[str, ...]:
    """What the action called ``name``, told ``given``, asks for on its object, beside reading it."""
    return build(name, given).privileges


def _load(name: str) -> Any:
    module, _, cls = ACTIONS[name].where.partition(":")
    return getattr(import_module(module), cls)
