"""A vCenter as a feed: a session of its own and one collector in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.vsphere.session import Session
from clients.vsphere.user_event import log_user_event
from ingest.vcenter.feeds import eventtypes
from ingest.vcenter.feeds.collector import EventCollector
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from clients.vsphere.logins import Logins
    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feeds.expiry import Expiry
    from schemas.config import VcenterConfig


class LiveFeed:
    """Events of a running vCenter; the contract is ``Feed``.

    Args:
        config: the vCenter.
        logins: shared by all feeds of the process, so that one wrong password does not lock an account.
        expiry: shared by all feeds of this vCenter, so that it reminds once a day.
    """

    def __init__(self, config: VcenterConfig, logins: Logins, expiry: Expiry) -> None:
        self._config = config
        self._expiry = expiry
        self._session = Session(config, logins)
        self._event_types = eventtypes.expand(config.event_types)
        self._collector: EventCollector | None = None

    @property
    def instance_uuid(self) -> str:
        """``about.instanceUuid``."""
        return str(self._session.about.instanceUuid or "")

    @property
    def api_version(self) -> str:
        """``about.apiVersion``."""
        return str(self._session.about.apiVersion or "")

    @property
    def session_key(self) -> str:
        """The session's key."""
        return self._session.key

    def open(self) -> None:
        """Connect, and log in as the account's turn allows."""
        self._session.connect()
        self._expiry.saw(self._session.certificate)
        self._expiry.remind(datetime.now(UTC))
        self._session.login()

    def now(self) -> datetime:
        """The vCenter's clock."""
        return self._session.current_time()

    def seek(self, begin: datetime) -> None:
        """A new collector in place of the old one."""
        if self._collector is not None:
            self._collector.close()
            self._collector = None
        self._collector = EventCollector(
            self._session, begin=begin, page=self._config.page, event_types=self._event_types
        )

    def read(self, limit: int) -> list[VcenterEvent]:
        """The collector's next events."""
        self._expiry.remind(datetime.now(UTC))
        return self._sought().read(limit)

    def page(self, limit: int) -> bytes:
        """The answer to the same question as it came; ``decoded`` tells what is in it."""
        return self._sought().page(limit)

    def decoded(self, body: bytes) -> list[VcenterEvent]:
        """The events of an answer."""
        return self._sought().decoded(body)

    def latest(self) -> list[VcenterEvent]:
        """The collector's ``latestPage``."""
        return self._sought().latest()

    def say(self, text: str) -> None:
        """A GeneralUserEvent about the root folder; needs the privilege Global.LogEvent."""
        log_user_event(self._session, text)

    def close(self) -> None:
        """Destroy the collector, log out."""
        if self._collector is not None:
            self._collector.close()
            self._collector = None
        self._session.close()

    def _sought(self) -> EventCollector:
        if self._collector is None:
            raise ReflexarcError(f"vCenter {self._config.name}: read before seek")
        return self._collector
