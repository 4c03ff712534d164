from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from clients.vsphere.certificate import Certificate
from ingest.vcenter.feeds.expiry import DAY, Expiry, ends
from tests.support.vcenter import vcenter

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def certificate(days: float) -> Certificate:
    return Certificate("CN=vc1", NOW + timedelta(days=days), "")


def gauge(kind: str) -> float | None:
    return REGISTRY.get_sample_value(f"reflexarc_ingest_{kind}_expiry_timestamp_seconds", {"vcenter": "vc1"})


def test_a_certificate_is_reminded_of_in_its_last_thirty_days(caplog: pytest.LogCaptureFixture) -> None:
    for days in (31, 29):
        expiry = Expiry(vcenter("vc1"))
        expiry.saw(certificate(days))
        expiry.remind(NOW)
    assert ["vCenter vc1: its certificate ends in 29 days, on 2026-02-13; give it a new one"] == caplog.messages
    assert certificate(29).expires.timestamp() == gauge("certificate")


def test_a_pinned_certificate_takes_its_thumbprint_along(caplog: pytest.LogCaptureFixture) -> None:
    expiry = Expiry(vcenter("vc1", thumbprint="0" * 64))
    expiry.saw(certificate(1.5))
    expiry.remind(NOW)
    assert caplog.messages[0].endswith("and vcenters.vc1.thumbprint with it")


def test_a_password_is_reminded_of_in_its_last_fourteen_days(caplog: pytest.LogCaptureFixture) -> None:
    for day in (date(2026, 1, 30), date(2026, 1, 28)):
        Expiry(vcenter("vc1", password_expires=day)).remind(NOW)
    (line,) = caplog.messages
    assert line.startswith("vCenter vc1: the password of its account ends in 13 days, on 2026-01-28; change it")
    assert datetime(2026, 1, 29, tzinfo=UTC).timestamp() == gauge("password")


def test_it_is_said_once_a_day_through_all_sessions(caplog: pytest.LogCaptureFixture) -> None:
    expiry = Expiry(vcenter("vc1"))
    for hours in range(48):
        expiry.saw(certificate(20))
        expiry.remind(NOW + timedelta(hours=hours))
    assert 2 == len(caplog.messages)


def test_a_new_certificate_ends_the_reminders(caplog: pytest.LogCaptureFixture) -> None:
    expiry = Expiry(vcenter("vc1"))
    for days in (20, 400):
        expiry.saw(certificate(days))
        expiry.remind(NOW if days == 20 else NOW + DAY)
    assert 1 == len(caplog.messages)


def test_what_is_not_known_is_not_said(caplog: pytest.LogCaptureFixture) -> None:
    unseen, plain = Expiry(vcenter("vc1")), Expiry(vcenter("vc1"))
    plain.saw(None)
    for expiry in (unseen, plain):
        expiry.remind(NOW)
    assert [] == caplog.messages


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (NOW + timedelta(days=2), "ends in 2 days, on 2026-01-17"),
        (NOW + timedelta(days=1), "ends in 1 day, on 2026-01-16"),
        (NOW + timedelta(hours=1), "ends within a day, on 2026-01-15"),
        (NOW, "has ended on 2026-01-15"),
    ],
)
def test_an_end_is_said_with_its_day(end: datetime, said: str) -> None:
    assert said == ends(end, NOW)
