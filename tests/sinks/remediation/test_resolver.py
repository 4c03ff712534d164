from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.vsphere.faults import SessionLost
from sinks.remediation.resolver import Resolver
from sinks.remediation.tags import Tags
from sinks.vsphere.aim import ByName
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.config import VcenterConfig
    from sinks.remediation.resolver import Resolved

pytestmark = pytest.mark.stack


def test_a_session_that_another_thread_has_opened_meanwhile_is_left_alone(
    vcenters: dict[str, VcenterConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, tags = Sessions([vcenters["vc1"]], timeout=5.0), Tags([vcenters["vc1"]])
    resolver = Resolver(sessions, tags, "VirtualMachine")
    resolve, lost = resolver._resolve, [sessions.get("vc1")]

    def losing(aim: ByName, within: Collection[str]) -> Resolved:
        if lost:
            sessions.discard(lost.pop())
            sessions.get("vc1")
            raise SessionLost("vc1", "has ended the session")
        return resolve(aim, within)

    monkeypatch.setattr(resolver, "_resolve", losing)
    try:
        found = resolver.resolve(ByName("DC0_C0_RP0_VM0"))
        newer = sessions.opened()["vc1"]
        assert newer.current_time()
        assert found.entity is not None
    finally:
        tags.close()
        sessions.close()
