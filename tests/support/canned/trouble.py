"""What stands between a canned vCenter and its clients: slowness, a wall of silence, a proxy with a page of its own."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import NamedTuple


class Page(NamedTuple):
    """An answer that no vCenter gives."""

    status: int
    body: str


@dataclass
class Trouble:
    """Everything is well until told otherwise; each trouble ends by itself.

    Attributes:
        met: requests that it befell.
    """

    delay: float = 0.0
    silent_until: float = 0.0
    page_until: float = 0.0
    page: Page = field(default_factory=lambda: Page(503, ""))
    met: int = 0

    def hang(self, seconds: float) -> None:
        """Answer nothing for so long; then everything that was asked."""
        self.silent_until = time.monotonic() + seconds

    def stand_in(self, status: int, body: str, seconds: float) -> None:
        """For so long a proxy answers in the vCenter's place."""
        self.page, self.page_until = Page(status, body), time.monotonic() + seconds

    def slow(self, seconds: float) -> None:
        """From now on every answer takes so long."""
        self.delay = seconds

    async def pass_by(self) -> Page | None:
        """What a request meets on its way: nothing, time, or a page in place of an answer."""
        if time.monotonic() < self.page_until:
            self.met += 1
            return self.page
        wait = max(self.delay, self.silent_until - time.monotonic())
        if wait > 0:
            self.met += 1
            await asyncio.sleep(wait)
        return None
