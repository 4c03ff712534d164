"""Events that ask for an action to be taken back: written, and read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
from pydantic import ValidationError

from clients.vsphere.kinds import KINDS
from schemas.cloudevents import CloudEvent
from schemas.epoch import written
from schemas.errors import Reject
from schemas.remediation.undo import TYPE, Undo, source

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity


def event_of(prefix: str, given: Undo, entity: Entity) -> CloudEvent:
    """The one event that may carry an undo.

    Args:
        prefix: topic prefix.
        given: the undo, signed.
        entity: what it is done to.
    """
    outer, _, inner = KINDS[entity.kind].field.partition(".")
    reference = {"Name": entity.name, inner: {"Type": entity.kind, "Value": entity.moref}}
    return CloudEvent(
        id=given.event,
        source=source(prefix),
        type=TYPE,
        subject="undo",
        time=written(datetime.fromtimestamp(given.at, UTC)),
        datacontenttype="application/json",
        data=orjson.dumps({"undo": given.model_dump(mode="json"), outer: reference}),
        extensions={"vcenter": entity.vcenter, "partitionkey": given.entity},
    )


def wanted(event: CloudEvent) -> Undo | None:
    """What shall be taken back; None when the event asks for nothing of the kind. Who signed it is not looked at.

    Raises:
        Reject: it does, and is not of that form.
    """
    if event.type != TYPE:
        return None
    try:
        data = orjson.loads(event.data or b"")
        return Undo.model_validate(data["undo"])
    except (orjson.JSONDecodeError, ValidationError, KeyError, TypeError):
        raise Reject(f"an event of the type {TYPE} that was not made by `reflexarc remediation undo`") from None
