"""A stand-in for the authorization manager: the simulators grant everything."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim, vmodl

from clients.vsphere import properties
from ops.vcenter.privileges import NEEDED, acting, examine
from schemas.errors import Refused
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.vcenter.finding import Finding

ACTS = {"sink isolate": ("VirtualMachine.Config.EditDevice",)}


class Manager:
    """Grants ``held``, tells ``permissions``; raises either when it is an exception."""

    def __init__(self, held: Sequence[str] | Exception, permissions: Any = ()) -> None:
        self.held = held
        self.permissions = permissions

    def HasPrivilegeOnEntities(self, _: Any, session: str, privileges: Sequence[str]) -> Any:  # noqa: N802 - theirs
        assert "key" == session
        if isinstance(self.held, Exception):
            raise self.held
        each = [SimpleNamespace(privId=name, isGranted=name in self.held) for name in privileges]
        return [SimpleNamespace(privAvailability=each)]

    def RetrieveEntityPermissions(self, *_: Any) -> Any:  # noqa: N802 - theirs
        if isinstance(self.permissions, Exception):
            raise self.permissions
        return self.permissions


def permission(principal: str, *, propagate: bool, group: bool = False) -> Any:
    return SimpleNamespace(principal=principal, propagate=propagate, group=group)


OWN = permission("VSPHERE.LOCAL\\Reader", propagate=True)


@pytest.fixture(autouse=True)
def _privileges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The privileges that this vCenter knows."""
    known = [SimpleNamespace(privId=name) for name in (*NEEDED, "Host.Config.Power")]
    monkeypatch.setattr(properties, "read", lambda *_: {"privilegeList": known})


def examined(manager: Manager, actions: Any = None) -> dict[str, Finding]:
    config = vcenter("vc1", username="reader@vsphere.local")
    content = SimpleNamespace(authorizationManager=manager, rootFolder=object())
    session: Any = SimpleNamespace(name="vc1", key="key", config=config, content=content)
    return {finding.step: finding for finding in examine(session, actions or {})}


def test_read_only_at_the_root_and_propagating_is_all_it_takes() -> None:
    found = examined(Manager(NEEDED, [OWN]))
    assert [("privileges", "ok"), ("propagation", "ok")] == [(each.step, each.outcome) for each in found.values()]


def test_what_is_missing_is_named_and_refused() -> None:
    found = examined(Manager(NEEDED[:1], [OWN]))["privileges"]
    assert ("failed", "lacks System.Read, System.View at the root", 4) == (found.outcome, found.what, found.exit_code)


def test_more_than_is_needed_is_a_warning() -> None:
    found = examined(Manager([*NEEDED, "Host.Config.Power"], [OWN]))["privileges"]
    assert ("warning", 0) == (found.outcome, found.exit_code)
    assert "and 1 more" in found.what


@pytest.mark.parametrize(("held", "outcome"), [(NEEDED, "warning"), ((*NEEDED, *ACTS["sink isolate"]), "ok")])
def test_a_sink_that_acts_has_needs_of_its_own(held: Sequence[str], outcome: str) -> None:
    found = examined(Manager(held, [OWN]), ACTS)
    assert (outcome, "ok") == (found["sink isolate"].outcome, found["privileges"].outcome)
    assert "VirtualMachine.Config.EditDevice" in found["sink isolate"].what


def test_a_server_without_the_method_cannot_tell() -> None:
    found = examined(Manager(vmodl.fault.MethodNotFound(msg="no such method")))["privileges"]
    assert ("unknown", 0) == (found.outcome, found.exit_code)


def test_who_may_not_even_ask_is_refused() -> None:
    with pytest.raises(Refused, match=r"System\.Read"):
        examined(Manager(vim.fault.NoPermission(msg="no", privilegeId="System.Read")))


@pytest.mark.parametrize(
    ("permissions", "outcome"),
    [
        ([OWN], "ok"),
        ([permission("reader@vsphere.local", propagate=True)], "ok"),
        ([permission("VSPHERE.LOCAL\\Reader", propagate=False)], "failed"),
        ([permission("VSPHERE.LOCAL\\Other", propagate=False)], "unknown"),
        ([permission("VSPHERE.LOCAL\\Reader", propagate=True, group=True)], "unknown"),
        (None, "unknown"),
        (vim.fault.NoPermission(msg="no"), "unknown"),
    ],
)
def test_a_role_that_ends_at_the_root_is_found_where_it_is_the_accounts_own(permissions: Any, outcome: str) -> None:
    assert outcome == examined(Manager(NEEDED, permissions))["propagation"].outcome


def test_who_acts_has_to_see_what_it_acts_on() -> None:
    """Reading belongs to each action; what is lacking is named."""
    config = vcenter("vc1", username="actor@vsphere.local")
    content = SimpleNamespace(authorizationManager=Manager(NEEDED[1:]), rootFolder=object())
    session: Any = SimpleNamespace(name="vc1", key="key", config=config, content=content)
    (found,) = acting(session, ACTS)
    assert ("warning", "lacks System.Anonymous, VirtualMachine.Config.EditDevice at the root") == (
        found.outcome,
        found.what,
    )
