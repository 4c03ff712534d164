"""What is not deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pyVmomi import vim

from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import find
from schemas.errors import Reject
from sinks.vsphere.actions.purge import Purge
from sinks.vsphere.machine.files import Place
from sinks.vsphere.parameters.quarantine import PurgeParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.preparing import MARK, place, put, wipe
from tests.support.machine import finish
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

FOLDER = f"reflexarc-quarantine/{MARK}-web"


@pytest.fixture
def store(session: Session) -> Iterator[Target]:
    store = find([session], "LocalDS_1", DATASTORE)
    put(store, FOLDER)
    yield store
    wipe(store, "reflexarc-quarantine")


def plan(store: Target, path: str = f"[LocalDS_1] {FOLDER}", **fields: Any) -> Plan:
    given = PurgeParameters.model_validate({"path": path, "mark": MARK, **fields})
    return Purge(given).plan(store, about(store))


@pytest.mark.parametrize(
    "path",
    [
        f"[LocalDS_1] reflexarc-quarantine/../{MARK}-web",
        "[LocalDS_1] reflexarc-quarantine/..",
        "[LocalDS_1] reflexarc-quarantine/.",
        "[LocalDS_1] reflexarc-quarantine",
        "[LocalDS_1] reflexarc-quarantine/",
        f"[LocalDS_1] /{MARK}-web",
        f"[LocalDS_1] {FOLDER}/below",
        f"[../LocalDS_1] {FOLDER}",
        FOLDER,
        "",
    ],
)
def test_a_path_that_leads_anywhere_else_is_no_path(path: str) -> None:
    with pytest.raises(ValidationError, match="path"):
        PurgeParameters.model_validate({"path": path, "mark": MARK})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"path": f"[LocalDS_0] {FOLDER}"}, "is not on LocalDS_1"),
        ({"path": f"[LocalDS_1] machines/{MARK}-web"}, f"is not what {MARK} has put into reflexarc-quarantine"),
        ({"mark": "f" * 16}, "is not what f* has put into"),
        ({"folder": "elsewhere"}, "has put into elsewhere"),
        ({"path": f"[LocalDS_1] reflexarc-quarantine/{MARK}"}, "has put into"),
    ],
    ids=str,
)
def test_what_is_not_what_that_action_has_put_there_stays(store: Target, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Reject, match=f"{reason}.*: it is not deleted"):
        plan(store, **fields)


def test_what_is_gone_is_as_it_should_be(store: Target) -> None:
    wipe(store, "reflexarc-quarantine")
    assert () == plan(store).changes


def test_a_folder_that_a_machine_needs_stays(store: Target, machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Place.of(place(machine))
    there = find([store.session], home.store, DATASTORE)
    put(there, FOLDER)
    tell(monkeypatch, {machine.moref: {"config.files.vmPathName": f"[{home.store}] {FOLDER}/web.vmx"}})
    try:
        with pytest.raises(Reject, match=f"is not deleted: {machine.name} .* need it"):
            plan(there, f"[{home.store}] {FOLDER}")
    finally:
        wipe(there, "reflexarc-quarantine")


def test_nothing_but_that_folder_is_deleted(store: Target) -> None:
    put(store, "reflexarc-quarantine/ffffffffffffffff-other")
    wanted = Purge(PurgeParameters.model_validate({"path": f"[LocalDS_1] {FOLDER}", "mark": MARK}))
    finish(store.session, wanted.start(wanted.plan(store, about(store))))
    spec = vim.host.DatastoreBrowser.SearchSpec(matchPattern=["*"])
    looking = store.reference.browser.SearchDatastore_Task("[LocalDS_1] reflexarc-quarantine", spec)
    looked = finish(store.session, looking)
    assert ["ffffffffffffffff-other"] == [each.path for each in looked.file]
