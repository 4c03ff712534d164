from __future__ import annotations

from typing import Any

from ops.remediation.notes import notes
from schemas.config import Config, KafkaConfig
from schemas.config.remediation import RemediationConfig
from schemas.config.secret import Secret
from sinks.remediation import RemediationSinkConfig
from tests.support.vcenter import vcenter

LIVE = {"dry_run": False, "allow": [{"names": "*"}]}


def found(sink: dict[str, Any], key: bool = False, **limits: Any) -> list[str]:  # noqa: FBT001, FBT002
    given = {"name": "act", "type": "remediation", "action": "power-on", "dry_run": False} | sink
    made = vcenter("vc1").model_copy(update={"actor": object()})
    remediation = RemediationConfig.model_validate(limits)
    if key:
        remediation = remediation.model_copy(update={"answer_key": Secret.from_env("KEY", {"KEY": "k" * 44})})
    config = Config(
        kafka=KafkaConfig(bootstrap="localhost:9092", prefix="dc"),
        vcenters={"vc1": made},
        sinks={"act": RemediationSinkConfig.model_validate(given)},
        remediation=remediation,
    )
    return list(notes(config))


def test_a_fresh_installation_hears_that_it_does_nothing() -> None:
    """Nothing is allowed, and it is a dry run."""
    assert [
        "remediation.allow is empty: nothing is touched, whatever act asks for",
        "remediation.dry_run is on: act only says what would be done",
    ] == found({})


def test_one_that_is_meant_hears_nothing() -> None:
    """All limits say something."""
    assert [] == found({}, **LIVE)
    assert [] == found({"action": "power-off"}, key=True, **LIVE)


def test_a_sink_of_its_own_may_be_a_dry_run() -> None:
    """Beside others that act."""
    assert ["dry_run is on: act only says what would be done"] == found({"dry_run": True}, **LIVE)


def test_who_asks_for_approval_needs_a_key_that_answers_are_signed_with() -> None:
    """By its action, by its own word, or for some senders."""
    missing = "remediation.answer_key is missing"
    expected = [f"nobody can approve what act asks for (power-off needs approval): {missing}"]
    assert expected == found({"action": "power-off"}, **LIVE)
    assert [] == found({"action": "power-off", "approval": "never"}, **LIVE)
    assert [f"nobody can approve what act asks for (approval: always): {missing}"] == found(
        {"approval": "always"}, **LIVE
    )
    (note,) = found({"action": "disconnect-vnic"}, **LIVE)
    assert "needs approval for senders that trusted_senders does not name" in note
    assert [] == found({"action": "disconnect-vnic", "trusted_senders": ["/alerts"]}, **LIVE)
