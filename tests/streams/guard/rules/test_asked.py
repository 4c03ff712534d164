from __future__ import annotations

from typing import Any

import pytest

from streams.guard.rules import asked
from tests.streams.guard.asking import question, request, sink

SCALE = {"add_cpus": 1, "max_cpus": 4, "add_memory": 2048 * 2**20, "max_memory": 8192 * 2**20}


def check(given: dict[str, Any], **configured: Any) -> str | None:
    return asked.check(question(request(**given), sink=sink(**configured)))


def test_what_the_sink_is_configured_for_passes() -> None:
    assert check({}) is None


def test_another_action_is_refused() -> None:
    assert "asks for power-off, but sink act is configured for power-on" in (check({"action": "power-off"}) or "")


@pytest.mark.parametrize("given", [SCALE, {}, {"add_memory": "2GiB"}])
def test_parameters_may_be_spelled_in_another_way(given: dict[str, Any]) -> None:
    scale = sink().model_validate({"name": "act", "type": "remediation", "action": "scale"})
    assert asked.check(question(request(action="scale", parameters=given), sink=scale)) is None


@pytest.mark.parametrize("given", [{"max_cpus": 64}, {"max_cpus": "many"}, {"force": True}])
def test_other_parameters_are_refused(given: dict[str, Any]) -> None:
    scale = sink().model_validate({"name": "act", "type": "remediation", "action": "scale"})
    reason = asked.check(question(request(action="scale", parameters=given), sink=scale))
    assert "other parameters" in (reason or "")


def test_parameters_of_an_action_that_this_release_does_not_have_are_refused() -> None:
    assert "other parameters" in (check({"action": "explode", "parameters": {"now": True}}, action="explode") or "")


@pytest.mark.parametrize(("vcenters", "refused"), [([], False), (["vc1"], False), (["vc2"], True)])
def test_a_target_in_another_vcenter_than_the_sinks_is_refused(vcenters: list[str], *, refused: bool) -> None:
    reason = check({}, vcenters=vcenters)
    assert refused == (reason is not None and "acts in vc2 (vcenters)" in reason)
