from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sinks.remediation import RemediationSinkConfig
from streams.guard.rules import kind
from tests.streams.guard.asking import entity, host, question, request, sink

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity


@pytest.mark.parametrize(
    ("action", "on", "refused"),
    [
        ("power-on", entity(), False),
        ("power-on", host(), True),
        ("enter-maintenance", host(), False),
        ("enter-maintenance", entity(), True),
    ],
)
def test_an_action_is_done_to_its_own_kind(action: str, on: Entity, *, refused: bool) -> None:
    reason = kind.check(question(request(on=on, action=action), sink=sink(action)))
    assert refused == (reason is not None and f"is a {on.kind}" in reason)


@pytest.mark.parametrize(
    ("action", "said", "on", "refused"),
    [
        ("acknowledge-alarm", {"kind": "HostSystem"}, host(), False),
        ("acknowledge-alarm", {"kind": "HostSystem"}, entity(), True),
        ("acknowledge-alarm", {}, entity(), False),
        ("disable-alarm-actions", {"kind": "VirtualMachine"}, entity(), False),
        ("disable-alarm-actions", {}, entity(), True),
    ],
)
def test_parameters_may_name_another_kind(action: str, said: dict[str, str], on: Entity, *, refused: bool) -> None:
    given = {"name": "act", "type": "remediation", "action": action, "parameters": said}
    configured = RemediationSinkConfig.model_validate(given)
    reason = kind.check(question(request(on=on, action=action), sink=configured))
    assert refused == (reason is not None)
