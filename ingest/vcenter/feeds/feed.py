"""The contract between a tail and where its events come from: a live vCenter or a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.vcenter.event import VcenterEvent


class Unreadable(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A page that cannot be decoded; the log goes on behind it.

    Attributes:
        body: the page as it came.
        divisible: whether its events may be asked for again in smaller portions.
    """

    def __init__(self, message: str, body: bytes, *, divisible: bool = True) -> None:
        super().__init__(message)
        self.body = body
        self.divisible = divisible


class Feed(Protocol):
    """One connection to an event log: ``open``, ``seek``, then ``read`` again and again, ``close`` at last.

    Any method but ``close`` raises ``Unreachable``, ``Refused`` or another ``ReflexarcError``; the feed is of no use
    after that, but to be closed.
    """

    @property
    def instance_uuid(self) -> str:
        """Which server this is; empty when it does not say."""

    @property
    def api_version(self) -> str:
        """Version of its API, such as ``8.0.2.0``; empty when it does not say."""

    @property
    def session_key(self) -> str:
        """Which session of the server is ours; empty before ``open``, and where there are none."""

    def open(self) -> None:
        """Connect and log in."""

    def now(self) -> datetime:
        """The log's own clock, UTC; ``EPOCH`` or ``LAST`` where there is none."""

    def seek(self, begin: datetime) -> None:
        """Go on with the first event created at ``begin`` or later; may be called again to start over."""

    def read(self, limit: int) -> list[VcenterEvent]:
        """The next events in the log's order, ``limit`` at most; empty when there is none yet. Does not wait.

        Raises:
            Unreadable: they came, but cannot be decoded. The feed stands behind them and remains of use.
        """

    def latest(self) -> list[VcenterEvent]:
        """The newest events in sight, in any order, by another way than ``read``, which moves nothing.

        Raises:
            Unreadable: as in ``read``.
        """

    def say(self, text: str) -> None:
        """Have the log say ``text``, as an event of its own; a recording does not."""

    def close(self) -> None:
        """Log out and disconnect, whatever state it is in. May be called again."""
