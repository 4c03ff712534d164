"""``action: snapshot-retention``: have a virtual machine without snapshots that have had their time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from clients.vsphere import task
from clients.vsphere.target import shown_name
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import snapshots, state
from sinks.vsphere.machine.backups import is_backup
from sinks.vsphere.parameters.names import fits

if TYPE_CHECKING:
    from datetime import datetime

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.snapshot_retention import SnapshotRetentionParameters

ALL: Final = "all"


class SnapshotRetention:
    """Deletes snapshots that are too old or too large, and whose name or description says that they may be.

    One with the name of a backup product is never deleted. All of a machine's snapshots go with one call; of several
    among others the oldest goes first, and the next one with the next attempt. What the machine has written is kept.
    """

    privileges: ClassVar = ("VirtualMachine.State.RemoveSnapshot",)
    verifiable: ClassVar = True

    def __init__(self, parameters: SnapshotRetentionParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Which snapshots have had their time by the vCenter's clock."""
        del event  # a snapshot that has had its time has had it, whatever the event
        large = self._parameters.larger_than is not None
        layout = [snapshots.LAYOUT] if large else []
        values = state.read(target, [], [snapshots.ROOTS, snapshots.CURRENT, *layout])
        known = list(snapshots.trees(values.get(snapshots.ROOTS, ())))
        now = target.session.current_time() if known else None
        due = sorted((each for each in known if self._is_due(each, values, now)), key=lambda each: each.createTime)
        if not due:
            return Plan(target, ())
        names = [shown_name(str(each.name)) for each in due]
        before = {"snapshots": names}
        if len(due) == len(known):
            return Plan(target, tuple(f"delete the snapshot {name}" for name in names), ALL, before)
        more = f", and {len(due) - 1} more after it" if len(due) > 1 else ""
        return Plan(target, (f"delete the snapshot {names[0]}{more}",), due[0].snapshot, before)

    def start(self, plan: Plan) -> Any:
        """One ``RemoveAllSnapshots_Task`` or ``RemoveSnapshot_Task``."""
        machine, spec = plan.target.reference, plan.spec
        if isinstance(spec, str):
            return task.start(plan.target.session, machine.RemoveAllSnapshots_Task)
        return task.start(plan.target.session, lambda: spec.RemoveSnapshot_Task(removeChildren=False))

    def _is_due(self, tree: Any, values: dict[str, Any], now: datetime | None) -> bool:
        given, texts = self._parameters, (shown_name(str(tree.name)), str(tree.description or ""))
        if is_backup(*texts) or not any(fits(text, given.names) for text in texts):
            return False
        if (
            now is not None
            and given.older_than is not None
            and now - tree.createTime > timedelta(seconds=given.older_than)
        ):
            return True
        layout = values.get(snapshots.LAYOUT)
        if given.larger_than is None or layout is None:
            return False
        return (snapshots.size(tree, layout, values.get(snapshots.CURRENT)) or 0) > given.larger_than
