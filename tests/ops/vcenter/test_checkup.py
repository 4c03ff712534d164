"""Against a simulator: every step of a check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.logins import Logins
from clients.vsphere.session import Session
from ingest.vcenter.position.checkpoint import Checkpoint
from ops.demo.child import free_port
from ops.vcenter.checkup import examine
from ops.vcenter.wanted import Wanted
from schemas.errors import Unreachable
from tests.support.proxy import proxying

if TYPE_CHECKING:
    from pathlib import Path

    from ops.vcenter.finding import Finding
    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

STEPS = ["connection", "certificate", "server", "identity", "log-in", "clock", "events", "privileges", "propagation"]


@pytest.fixture
def config(vcenters: dict[str, VcenterConfig]) -> VcenterConfig:
    return vcenters["vc1"]


def examined(config: VcenterConfig, checkpoint: Any = lambda: None) -> dict[str, Finding]:
    return {each.step: each for each in examine(Session(config, Logins()), checkpoint, Wanted({}, {}))}


def failed(found: dict[str, Finding]) -> list[tuple[str, int]]:
    return [(each.step, each.exit_code) for each in found.values() if each.outcome == "failed"]


def test_a_vcenter_that_can_be_read_passes_every_step(config: VcenterConfig) -> None:
    found = examined(config)
    assert (STEPS, []) == (list(found), failed(found))
    assert f"verified by {config.ca_file}" in found["connection"].what
    assert "API 8.0.2.0" in found["server"].what
    assert "never followed before" == found["identity"].what


def test_nobody_there_ends_it_at_the_first_step(config: VcenterConfig) -> None:
    found = examined(config.model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"}))
    assert [("connection", 3)] == failed(found)
    assert 1 == len(found)


def test_an_unknown_authority_ends_it_with_what_to_trust(config: VcenterConfig) -> None:
    found = examined(config.model_copy(update={"ca_file": None}))
    assert [("connection", 4)] == failed(found)
    assert "vcenters.vc1.ca_file" in (found["connection"].cure or "")


def test_without_verification_it_says_which_thumbprint_to_pin(config: VcenterConfig) -> None:
    found = examined(config.model_copy(update={"ca_file": None, "insecure": True}))
    pin = (found["connection"].cure or "").rpartition(" ")[2]
    pinned = examined(config.model_copy(update={"ca_file": None, "thumbprint": pin}))
    assert ("warning", "ok") == (found["connection"].outcome, pinned["connection"].outcome)


def test_the_way_through_a_proxy_is_said(config: VcenterConfig) -> None:
    with proxying() as proxy:
        found = examined(config.model_copy(update={"proxy": proxy.url}))
    assert [] == failed(found)
    assert f"through {proxy.url}" in found["connection"].what


def test_a_wrong_password_ends_it_and_is_not_told(config: VcenterConfig, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password")
    found = examined(config.model_copy(update={"password": type(config.password).from_file(wrong)}))
    assert ([("log-in", 4)], "log-in") == (failed(found), list(found)[-1])
    assert "not the password" not in str(found)


@pytest.mark.parametrize(("same", "exit_codes"), [(True, []), (False, [("identity", 4)])])
def test_another_server_than_the_one_followed_is_found(
    config: VcenterConfig, *, same: bool, exit_codes: list[tuple[str, int]]
) -> None:
    session = Session(config)
    session.connect()
    uuid = session.about.instanceUuid if same else "another"
    session.close()
    assert exit_codes == failed(examined(config, lambda: Checkpoint.first("vc1", uuid, datetime.now(UTC))))


def test_without_kafka_only_the_identity_cannot_be_told(config: VcenterConfig) -> None:
    def away() -> None:
        raise Unreachable("Kafka is away")

    found = examined(config, away)
    assert (STEPS, []) == (list(found), failed(found))
    assert "unknown" == found["identity"].outcome


def test_clocks_that_differ_are_a_warning(config: VcenterConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Session.current_time
    monkeypatch.setattr(Session, "current_time", lambda session: clock(session) - timedelta(minutes=3))
    found = examined(config)["clock"]
    assert "warning" == found.outcome
    assert "180.0 s behind ours" == found.what


def test_a_password_that_ends_soon_is_a_warning(config: VcenterConfig) -> None:
    found = examined(config.model_copy(update={"password_expires": datetime.now(UTC).date()}))["password"]
    assert ("warning", 0) == (found.outcome, found.exit_code)


def test_nothing_of_it_stays_behind(config: VcenterConfig) -> None:
    with Session(config) as session:
        before = len(session.content.sessionManager.sessionList)
        examined(config)
        assert before == len(session.content.sessionManager.sessionList)
