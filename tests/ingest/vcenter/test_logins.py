from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.vcenter import logins as module
from ingest.vcenter.logins import Logins
from schemas.errors import Refused, Unreachable
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import VcenterConfig


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("stale-password\n")
    return path


def refuse(logins: Logins, config: VcenterConfig) -> None:
    with pytest.raises(Refused, match="said no"), logins.attempt(config):
        raise Refused("said no")


def test_a_refused_password_is_not_tried_again_at_any_vcenter_of_the_account(password: Path) -> None:
    logins = Logins()
    refuse(logins, vcenter("vc1", password_file=password))
    with (
        pytest.raises(Refused, match="vc2 is not asked: vc1 has refused"),
        logins.attempt(vcenter("vc2", password_file=password)),
    ):
        pytest.fail("asked")


def test_a_new_password_is_tried_at_once(password: Path) -> None:
    logins, config = Logins(), vcenter("vc1", password_file=password)
    refuse(logins, config)
    password.write_text("fresh-password\n")
    with logins.attempt(config):
        pass


def test_another_account_is_no_concern(password: Path) -> None:
    logins = Logins()
    refuse(logins, vcenter("vc1", password_file=password))
    with logins.attempt(vcenter("vc1", password_file=password, username="other")):
        pass


def test_a_vcenter_that_is_away_has_refused_nothing(password: Path) -> None:
    logins, config = Logins(), vcenter("vc1", password_file=password)
    with pytest.raises(Unreachable), logins.attempt(config):
        raise Unreachable("away")
    with logins.attempt(config):
        pass


def test_the_rest_ends(password: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: clock)
    logins, config = Logins(), vcenter("vc1", password_file=password)
    refuse(logins, config)
    clock += module.REST
    with logins.attempt(config):
        pass
