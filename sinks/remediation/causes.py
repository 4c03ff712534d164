"""What limits ask of an event, taken from it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from clients.vsphere.account import Account
from schemas.epoch import told
from schemas.remediation.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig

ALARM: Final = "AlarmStatusChangedEvent"

LARGEST: Final = 128 * 2**10
"""Bytes of data that go on with a request; a larger event asks for nothing."""

REPLAYED: Final = "reflexarcreplay"
HOPS: Final = "reflexarchops"


def cause(event: CloudEvent, vcenters: Mapping[str, VcenterConfig]) -> Cause:
    """The cause that ``event`` is.

    Args:
        event: with JSON, or nothing is taken from its data.
        vcenters: every configured vCenter by name, to know our own accounts.
    """
    data = _data(event)
    vcenter = event.extensions.get("vcenter")
    known = vcenter if isinstance(vcenter, str) and vcenter else None
    return Cause(
        source=event.source,
        id=event.id,
        type=event.type,
        subject=event.subject or "",
        time=_time(event.time),
        vcenter=known,
        edge=_edge(event, data),
        replayed=REPLAYED in event.extensions,
        own=known in vcenters and _is_ours(data, vcenters[known]) if known else False,
        hops=_hops(event.extensions.get(HOPS)),
        data=data,
    )


def _data(event: CloudEvent) -> Any:
    if not event.data or len(event.data) > LARGEST:
        return None
    try:
        return orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return None


def _time(text: str | None) -> float | None:
    when = told(text) if text else None
    return None if when is None else when.timestamp()


def _edge(event: CloudEvent, data: Any) -> tuple[str, str] | None:
    if event.subject != ALARM or not isinstance(data, dict):
        return None
    before, after = data.get("From"), data.get("To")
    return (before, after) if isinstance(before, str) and isinstance(after, str) and before and after else None


def _is_ours(data: Any, vcenter: VcenterConfig) -> bool:
    username = data.get("UserName") if isinstance(data, dict) else None
    if not isinstance(username, str) or not username or vcenter.recording:
        return False
    ours = Account.of(vcenter.acting.account.username, vcenter.url)
    return ours.is_called(username, vcenter.url)


def _hops(value: Any) -> int:
    try:
        return min(max(int(value), 0), 1_000_000)
    except (TypeError, ValueError):
        return 0
