"""Where a tail starts, decided from what is known of its vCenter when a feed has been opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.vcenter.feeds import eventtypes
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.start import beginning
from ingest.vcenter.tailing import notices
from schemas.errors import Refused

if TYPE_CHECKING:
    from ingest.vcenter.position.trace import Trace
    from ingest.vcenter.tailing.notices import Notice
    from schemas.config import VcenterConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where to start.

    Attributes:
        checkpoint: the position.
        notice: what is to be told with it.
    """

    checkpoint: Checkpoint
    notice: Notice | None = None


def first(config: VcenterConfig, trace: Trace | None, *, instance_uuid: str, now: datetime) -> Start:
    """The start of a vCenter without a checkpoint.

    Args:
        config: the vCenter.
        trace: what was found of it among the events in Kafka; None when it certainly has none there.
        instance_uuid: of the server that answers.
        now: its clock.
    """
    selection = eventtypes.digest(config.event_types)
    if trace is not None and trace.events is not None:
        known = trace.events.checkpoint(config.name, instance_uuid)
        # Whether our last event is among those that are asked for now is not known.
        return Start(checkpoint=_selecting(known, selection) if selection else known)
    checkpoint = Checkpoint.first(config.name, instance_uuid, beginning(config.start_from, now), selection)
    if trace is None:
        return Start(checkpoint=checkpoint)
    reason = f"its checkpoint is lost, and none of the last {trace.searched} records of a partition is its event"
    return Start(
        checkpoint=checkpoint,
        notice=notices.gap(checkpoint.place, until=None, before=notices.text(checkpoint.since), reason=reason),
    )


def again(config: VcenterConfig, known: Checkpoint, *, instance_uuid: str, accept: bool) -> Start:
    """The start of a vCenter that was followed before.

    Args:
        config: the vCenter.
        known: its checkpoint.
        instance_uuid: of the server that answers.
        accept: whether it may be another server than before.

    Raises:
        Refused: it is, and it may not.
    """
    selection = eventtypes.digest(config.event_types)
    if instance_uuid == known.instance_uuid:
        return Start(checkpoint=known if selection == known.selection else _selecting(known, selection))
    change = f"instanceUuid {instance_uuid or 'unknown'}, was {known.instance_uuid or 'unknown'}"
    if not accept:
        raise Refused(
            f"vCenter {config.name}: {config.url} is another server than before: {change}",
            cure=f"correct vcenters.{config.name}.url, or give the new server a new name; "
            f"after a planned change start once with --accept-identity {config.name}",
        )
    reborn = replace(known.reborn(known.time + datetime.resolution), instance_uuid=instance_uuid, selection=selection)
    told = notices.incarnation(known.place, reborn.incarnation, reason=f"another server was accepted: {change}")
    return Start(checkpoint=reborn, notice=told)


def _selecting(known: Checkpoint, selection: str) -> Checkpoint:
    """The same position under another selection of events, which may not hold the last one known."""
    return replace(known, selection=selection, time_key=None)
