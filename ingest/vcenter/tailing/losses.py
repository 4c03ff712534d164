"""Losses in the logs of this process's vCenters, for ``/ready``: once told, they stay until the process ends.

A loss is over for no one but a person: who starts the process again has seen it. It stays where the vCenter has moved
to another process since, as a partition's loss does in a worker.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from ingest.vcenter.tailing.notices import LOSSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.vcenter.tailing.notices import Kind, Notice

SHOWN: Final = 20
"""Losses that are named, the first ones; that there are more is said in a line."""

_WORDS: Final[Mapping[Kind, str]] = {"gap": "may have lost events", "purge": "has lost events"}


class Losses:
    """Losses of one process; from any thread."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, str], str] = {}
        self._more = False
        self._lock = Lock()

    def heard(self, vcenter: str, notice: Notice) -> None:
        """Keep a notice that tells a loss, once however often it is told; others are none of ours."""
        if notice.kind not in LOSSES:
            return
        with self._lock:
            if len(self._named) < SHOWN or (vcenter, notice.key) in self._named:
                self._named[vcenter, notice.key] = f"vCenter {vcenter} {_WORDS[notice.kind]}: {notice}"
            else:
                self._more = True

    def problems(self) -> list[str]:
        """One sentence for each, the oldest first; empty when nothing was lost."""
        with self._lock:
            named = list(self._named.values())
            return [*named, "more losses: see the log"] if self._more else named
