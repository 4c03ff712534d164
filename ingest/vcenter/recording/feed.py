"""A recording as a feed: its pages are played once, in order.

They are fixed: nothing is made up, nothing is repeated, the times are those of the recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vcenter.decoding.decode import decode_page
from ingest.vcenter.decoding.soap import RefusedPage
from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.instant import EPOCH, LAST, instant
from ingest.vcenter.recording.header import Header
from ingest.vcenter.recording.pages import header, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from ingest.vcenter.event import VcenterEvent


class Recording:
    """Events of a recording; the contract is ``Feed``. It has no clock of its own.

    Args:
        name: of the vCenter.
        path: of the recording: a file, or a folder of files.
        clock: what it tells when it is asked for the time; by default before every event, so each one is wanted.

    Attributes:
        ended: whether a read has found nothing more.
        passed_over: events that were created before the moment sought.
    """

    session_key = ""

    def __init__(self, name: str, path: Path, *, clock: datetime = EPOCH) -> None:
        self.ended = False
        self.passed_over = 0
        self._name = name
        self._path = path
        self._clock = clock
        self._header = Header()
        self._begin = EPOCH
        self._moment = LAST
        self._pages: Iterator[bytes] = iter(())
        self._page: list[VcenterEvent] = []

    @property
    def instance_uuid(self) -> str:
        """Of the server that was recorded."""
        return self._header.instance_uuid

    @property
    def api_version(self) -> str:
        """Of the server that was recorded."""
        return self._header.api_version

    def open(self) -> None:
        """Read what it says of itself.

        Raises:
            Refused: there is none, or it cannot be read.
        """
        self._header = header(self._path)

    def now(self) -> datetime:
        """The moment it was given."""
        return self._clock

    def seek(self, begin: datetime) -> None:
        """From the first page again, without what was created before ``begin``.

        An event without a readable time counts as created with the one before it; the first is given.
        """
        self._begin = begin
        self._moment = LAST
        self._pages = pages(self._path)
        self._page = []

    def read(self, limit: int) -> list[VcenterEvent]:
        """The next events of the current page, then of the next one; empty after the last, and ``ended`` is true."""
        while not self._page:
            body = next(self._pages, None)
            if body is None:
                self.ended = True
                return []
            found = self._decoded(body)
            self._page = [event for event in found if self._created(event) >= self._begin]
            self.passed_over += len(found) - len(self._page)
        taken, self._page = self._page[:limit], self._page[limit:]
        return taken

    def latest(self) -> list[VcenterEvent]:
        """None: a recording never stalls."""
        return []

    def say(self, text: str) -> None:
        """Nothing: a recording is as it is."""

    def close(self) -> None:
        """Forget the pages."""
        self._pages = iter(())
        self._page = []

    def _created(self, event: VcenterEvent) -> datetime:
        readable = instant(event.created_time)
        if readable != EPOCH:
            self._moment = readable
        return self._moment

    def _decoded(self, body: bytes) -> list[VcenterEvent]:
        try:
            return decode_page(body)
        except RefusedPage as refusal:
            reason = refusal.message
        except Exception as error:  # noqa: BLE001 - a page that the decoder stumbles over must not hold up the others
            reason = f"undecodable: {error!r}"
        raise Unreadable(f"vCenter {self._name}: {reason}", body, divisible=False)
