"""Warnings before a certificate or a password of a vCenter ends: a metric, and one line a day."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from ingest.metrics import CERTIFICATE_EXPIRY, PASSWORD_EXPIRY

if TYPE_CHECKING:
    from clients.vsphere.certificate import Certificate
    from schemas.config import VcenterConfig

CERTIFICATE: Final = timedelta(days=30)
PASSWORD: Final = timedelta(days=14)
"""How long before the end it is said."""

DAY: Final = timedelta(days=1)

log = logging.getLogger(__name__)


class Expiry:
    """What one vCenter is known to let end, over all its sessions.

    The end of a password is what the configuration says: the vSphere API tells it to administrators only.

    Args:
        config: the vCenter.
    """

    def __init__(self, config: VcenterConfig) -> None:
        self._config = config
        self._certificate: datetime | None = None
        self._due = datetime.min.replace(tzinfo=UTC)
        self._password = password_end(config)
        if self._password is not None:
            PASSWORD_EXPIRY.labels(vcenter=config.name).set(self._password.timestamp())

    def saw(self, certificate: Certificate | None) -> None:
        """The vCenter has shown this one."""
        self._certificate = certificate.expires if certificate else None
        if certificate:
            CERTIFICATE_EXPIRY.labels(vcenter=self._config.name).set(certificate.expires.timestamp())

    def remind(self, now: datetime) -> None:
        """Say what ends soon, unless that was said less than a day ago. Costs nothing in between."""
        if now < self._due:
            return
        self._due = now + DAY
        name = self._config.name
        if self._certificate is not None and self._certificate - now < CERTIFICATE:
            log.warning(
                "vCenter %s: its certificate %s; give it a new one%s",
                name,
                ends(self._certificate, now),
                f", and vcenters.{name}.thumbprint with it" if self._config.thumbprint else "",
            )
        if self._password is not None and self._password - now < PASSWORD:
            log.warning(
                "vCenter %s: the password of its account %s; change it, write it to vcenters.%s.password_file and "
                "its last day to vcenters.%s.password_expires",
                name,
                ends(self._password, now),
                name,
                name,
            )


def password_end(config: VcenterConfig) -> datetime | None:
    """When the password ends: with the day that the configuration names, UTC; None without one."""
    day = config.password_expires
    return None if day is None else datetime.combine(day, time(), UTC) + DAY


def ends(end: datetime, now: datetime) -> str:
    """``ends in 3 days, on 2026-01-31``."""
    day = f"{end - timedelta(microseconds=1):%Y-%m-%d}"
    if end <= now:
        return f"has ended on {day}"
    days = (end - now).days
    return f"ends in {days} day{'' if days == 1 else 's'}, on {day}" if days else f"ends within a day, on {day}"
