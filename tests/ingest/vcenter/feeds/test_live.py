"""Against a simulator: logging in by the rules, and what is known of the certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client import REGISTRY

from clients.vsphere.attempts import APART
from clients.vsphere.faults import InvalidLogin
from clients.vsphere.logins import Logins
from ingest.vcenter.feeds.expiry import Expiry
from ingest.vcenter.feeds.live import LiveFeed
from schemas.config import Secret
from schemas.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


def enter(config: VcenterConfig, logins: Logins) -> None:
    feed = LiveFeed(config, logins, Expiry(config))
    try:
        feed.open()
    finally:
        feed.close()


def test_a_wrong_password_is_sent_twice_and_the_next_one_as_soon_as_it_is_there(
    vcenters: dict[str, VcenterConfig], tmp_path: Path
) -> None:
    config, file, now = vcenters["vc1"], tmp_path / "password", 0.0
    right = config.account.password.reveal()
    file.write_text("not the password")
    config = config.model_copy(update={"password": Secret.from_file(file)})
    logins = Logins(lambda: now)
    for _ in range(2):
        with pytest.raises(InvalidLogin):
            enter(config, logins)
        now += APART
    with pytest.raises(Refused, match="is not asked"):
        enter(config, logins)
    file.write_text(right)
    enter(config, logins)


def test_the_end_of_the_certificate_is_a_metric(vcenters: dict[str, VcenterConfig]) -> None:
    enter(vcenters["vc1"], Logins())
    end = REGISTRY.get_sample_value(
        "reflexarc_ingest_certificate_expiry_timestamp_seconds", {"vcenter": vcenters["vc1"].name}
    )
    assert end is not None
    assert end > 1.7e9
