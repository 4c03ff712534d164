from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from clients.vsphere.user_event import log_user_event
from schemas.errors import Refused

if TYPE_CHECKING:
    from schemas.config import VcenterConfig


class Manager:
    """An EventManager that remembers, or refuses."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.logged: list[dict[str, Any]] = []
        self._refusal = refusal

    def LogUserEvent(self, **given: Any) -> None:  # noqa: N802 - vSphere's name
        if self._refusal:
            raise self._refusal
        self.logged.append(given)


def session(manager: Manager) -> Any:
    return SimpleNamespace(name="vc1", content=SimpleNamespace(eventManager=manager, rootFolder="group-d1"))


def test_a_vcenter_is_asked_to_log_it_about_its_root_folder() -> None:
    manager = Manager()
    log_user_event(session(manager), "hello")
    assert [{"entity": "group-d1", "msg": "hello"}] == manager.logged


def test_a_missing_privilege_is_refused() -> None:
    fault = vim.fault.NoPermission(object=vim.Folder("group-d1"), privilegeId="Global.LogEvent")
    with pytest.raises(Refused, match="NoPermission"):
        log_user_event(session(Manager(fault)), "hello")


@pytest.mark.stack
def test_a_simulator_logs_it_too(vcenters: dict[str, VcenterConfig]) -> None:
    with Session(vcenters["vc1"]) as session:
        log_user_event(session, "hello simulator")
        (event, *_) = session.content.eventManager.QueryEvents(vim.event.EventFilterSpec(maxCount=1))
    assert ("hello simulator", vim.event.GeneralUserEvent) == (event.message, type(event))
