"""Recorded pages as a feed: ``url: recorded:FOLDER`` plays the folder's ``*.xml.gz`` in the order of their names.

Every file is one ReadNextEvents answer as it came over the wire. The pages are fixed and played once: nothing is made
up, nothing is repeated, the times are those of the recording.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from ingest.vcenter.decode import decode_page
from ingest.vcenter.feed import Unreadable
from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.soap import MAX_BODY, RefusedPage
from schemas.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingest.vcenter.event import VcenterEvent


class Recording:
    """Events of a folder; the contract is ``Feed``. It has no clock: every recorded event is wanted.

    Args:
        name: of the vCenter.
        folder: of the pages.
    """

    instance_uuid = ""
    api_version = ""
    session_key = ""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._begin = EPOCH
        self._files: list[Path] = []
        self._page: list[VcenterEvent] = []

    def open(self) -> None:
        """Find the pages.

        Raises:
            Refused: there are none.
        """
        self._files = sorted(self._folder.glob("*.xml.gz"))
        if not self._files:
            raise Refused(
                f"vCenter {self._name}: no *.xml.gz in {self._folder}",
                cure=f"correct vcenters.{self._name}.url",
            )

    def now(self) -> datetime:
        """Before every event."""
        return EPOCH

    def seek(self, begin: datetime) -> None:
        """From the first page again, without what was created before ``begin``."""
        self.open()
        self._begin = begin
        self._page = []

    def read(self, limit: int) -> list[VcenterEvent]:
        """The next events of the current page, then of the next one; empty after the last."""
        while not self._page and self._files:
            self._page = [event for event in self._next() if instant(event.created_time) >= self._begin]
        taken, self._page = self._page[:limit], self._page[limit:]
        return taken

    def latest(self) -> list[VcenterEvent]:
        """None: a recording never stalls."""
        return []

    def close(self) -> None:
        """Forget the pages."""
        self._files = []
        self._page = []

    def _next(self) -> list[VcenterEvent]:
        path = self._files.pop(0)
        try:
            with gzip.open(path) as file:
                body = file.read(MAX_BODY + 1)
            return decode_page(body)
        except (OSError, EOFError) as error:
            raise Refused(f"vCenter {self._name}: {path} cannot be read: {error}") from error
        except RefusedPage as refusal:
            raise Unreadable(f"vCenter {self._name}: {path.name}: {refusal.message}", body) from refusal
