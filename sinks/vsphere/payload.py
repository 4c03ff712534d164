"""The JSON of an event, and places in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.errors import Reject

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""What a vCenter calls its objects, such as vm-42; anything else was not written by one."""


def data(event: CloudEvent) -> Any:
    """The event's data.

    Raises:
        Reject: they are not JSON.
    """
    try:
        return orjson.loads(event.data or b"")
    except orjson.JSONDecodeError:
        raise Reject("the event's data are not JSON") from None


def at(found: Any, path: str) -> Any:
    """The value at a path of keys with dots between them; None where there is none."""
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found
