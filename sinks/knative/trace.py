"""Trace context: an event's distributed-tracing attributes as HTTP headers, and back.

Source of the rules: W3C Trace Context (header formats) and the CloudEvents extension "Distributed Tracing".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import Value

PARENT: Final = "traceparent"
STATE: Final = "tracestate"

_PARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_STATE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?")


def context(fields: Mapping[str, Value]) -> dict[str, str]:
    """``traceparent``, and with it ``tracestate``, of extension attributes or headers; empty unless well-formed."""
    parent, state = fields.get(PARENT), fields.get(STATE)
    if not (isinstance(parent, str) and _PARENT.fullmatch(parent)):
        return {}
    if isinstance(state, str) and _STATE.fullmatch(state):
        return {PARENT: parent, STATE: state}
    return {PARENT: parent}
