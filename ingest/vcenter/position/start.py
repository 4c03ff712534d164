"""Where the reading of an event log begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.vcenter.instant import EPOCH

if TYPE_CHECKING:
    from schemas.config.vcenter import StartFrom


def beginning(start_from: StartFrom, now: datetime) -> datetime:
    """The creation time of the first event that is wanted.

    Args:
        start_from: as configured.
        now: the vCenter's clock.
    """
    match start_from:
        case datetime() as start:
            return min(start, now)
        case float() | int() as seconds:
            back = timedelta(seconds=seconds)
            return max(EPOCH + back, now) - back
    return now
