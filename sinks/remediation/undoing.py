"""Events that ask for an action to be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from pydantic import ValidationError

from schemas.errors import Reject
from schemas.remediation.undo import TYPE, Undo

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent


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
