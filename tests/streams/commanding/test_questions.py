"""Questions to real simulators."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from sinks.vsphere.aim import ByName
from streams.commanding.questions import answered
from streams.commanding.targets import Targets
from streams.commands.arguments import Query
from tests.support.machine import machine_of_its_own, reconfigure
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

SEEN = "DC0_C0_RP0_VM0"
"""In both simulators; nobody's."""


@pytest.fixture
async def targets(vcenters: dict[str, VcenterConfig]) -> AsyncIterator[Targets]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = vcenter("vc9", url=f"https://127.0.0.1:{server.getsockname()[1]}/sdk")
    targets = Targets({"vc1": vcenters["vc1"], "vc2": vcenters["vc2"], "vc9": gone})
    yield targets
    await targets.close()


@pytest.mark.parametrize(
    "query",
    [Query("show", ByName(SEEN, "vc1")), Query("events", ByName(SEEN, "vc1")), Query("list", ByName(SEEN, "vc1"))],
    ids=lambda query: query.about,
)
async def test_a_session_that_has_ended_is_renewed(targets: Targets, query: Query) -> None:
    """As each of them does that was idle for half an hour."""
    targets.sessions.get("vc1").content.sessionManager.Logout()
    said = await answered(query, "anna", {"vc1": "any"}, targets)
    assert "Could not" not in said.text
    assert said.code


async def test_a_vcenter_that_is_away_is_named_and_the_others_are_told(targets: Targets) -> None:
    reach = {"vc1": "any", "vc9": "any"}
    listed = await answered(Query("list", ByName(SEEN)), "anna", reach, targets)
    shown = await answered(Query("show", ByName(SEEN)), "anna", reach, targets)
    alarms = await answered(Query("alarms", None), "anna", reach, targets)
    assert ["vc9 cannot be asked"] * 3 == [
        text[text.index("vc9") :][:19] for text in (listed.text, shown.text, alarms.text)
    ]
    assert listed.code.startswith(f"vc1:{SEEN}  poweredOn")
    assert f"VM vc1:{SEEN}" in shown.text
    nowhere = await answered(Query("list", None), "anna", {"vc9": "any"}, targets)
    assert nowhere.text.startswith("Could not perform operation: vc9 cannot be asked")


async def test_somebody_s_own_machines_are_all_that_is_shown(
    targets: Targets, vcenters: dict[str, VcenterConfig]
) -> None:
    """However many of others come before them, and nothing of those is told."""
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as own:
        reconfigure(own, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value="anna")])
        listed = await answered(Query("list", None), "anna", {"vc1": "own"}, targets)
        shown = await answered(Query("show", ByName(own.name)), "anna", {"vc1": "own"}, targets)
        theirs = await answered(Query("show", ByName(SEEN)), "anna", {"vc1": "own", "vc2": "own"}, targets)
    assert ("1 machines:", True) == (listed.text, listed.code.startswith(f"vc1:{own.name}  "))
    assert f"VM vc1:{own.name}" == shown.text
    assert f"Could not perform operation: no virtual machine is called {SEEN!r} in vc1, vc2" == theirs.text
