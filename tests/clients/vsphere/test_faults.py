from __future__ import annotations

from http.client import BadStatusLine

import pytest
from pyVmomi import vim, vmodl

from clients.vsphere.faults import InvalidLogin, SessionLost, VcenterAway, VsphereFault, attempted, translated
from schemas.errors import ReflexarcError, Refused


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (vim.fault.InvalidLogin(msg="no"), InvalidLogin),
        (vim.fault.NoPermission(msg="no"), Refused),
        (vim.fault.NotAuthenticated(msg="no"), SessionLost),
        (vmodl.fault.ManagedObjectNotFound(msg="gone"), VsphereFault),
        (ConnectionRefusedError(111, "refused"), VcenterAway),
        (TimeoutError("timed out"), VcenterAway),
        (BadStatusLine("x"), VcenterAway),
    ],
)
def test_an_exception_becomes_an_instruction(raised: Exception, expected: type[ReflexarcError]) -> None:
    with pytest.raises(expected, match="vCenter vc1") as error, translated("vc1"):
        raise raised
    assert expected is type(error.value)


def test_wrong_credentials_name_the_field_to_correct() -> None:
    with pytest.raises(Refused, match=r"vcenters\.vc1\.password_file"), translated("vc1"):
        raise vim.fault.InvalidLogin(msg="no")


def test_a_missing_privilege_is_named() -> None:
    with pytest.raises(Refused, match=r"missing: System\.Read") as error, translated("vc1"):
        raise vim.fault.NoPermission(msg="no", privilegeId="System.Read")
    assert "reflexarc vcenter check vc1" in str(error.value)


def test_a_fault_keeps_its_name() -> None:
    with pytest.raises(VsphereFault) as error, translated("vc1"):
        raise vim.fault.TaskInProgress(msg="busy")
    assert "TaskInProgress" == error.value.fault


def test_what_is_no_concern_of_a_vcenter_passes() -> None:
    with pytest.raises(ValueError, match="ours"), translated("vc1"):
        raise ValueError("ours")


def test_tidying_up_never_fails() -> None:
    with attempted("vc1"):
        raise vim.fault.NotAuthenticated(msg="gone")
