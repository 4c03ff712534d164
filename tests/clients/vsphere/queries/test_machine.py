"""One machine in full, of a real simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.queries.machine import LONGEST, details
from tests.support.machine import finish, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack


def says(machine: Target, **values: str) -> None:
    options = [vim.option.OptionValue(key=key.replace("__", "."), value=value) for key, value in values.items()]
    reconfigure(machine, extraConfig=options)


def test_everything_there_is_to_know_is_said(machine: Target, govc: Govc) -> None:
    for name in ("one", "two"):
        started = machine.reference.CreateSnapshot_Task(name=name, description="", memory=False, quiesce=False)
        finish(machine.session, started)
    says(
        machine,
        SET__guest__hostName="web.example.org",
        SET__guest__ipAddress="192.0.2.7",
        reflexarc__lease="2026-12-24T18:00:00Z",
    )
    reconfigure(machine, annotation="n" * (LONGEST + 1))
    found = details(machine)
    host = govc.read("VirtualMachine", machine.moref, "runtime.host")["value"]
    assert (machine.name, "poweredOn", "/DC0/vm") == (found.machine.name, found.machine.power, found.machine.folder)
    assert govc.read("HostSystem", host, "name") == found.host
    assert ("web.example.org", "192.0.2.7", True) == (found.guest_host, found.address, found.tools)
    assert (2, "2026-12-24T18:00:00Z", LONGEST) == (found.snapshots, found.lease, len(found.notes))
    assert ("LocalDS_0",) == found.datastores


def test_what_is_not_known_is_none(machine: Target) -> None:
    found = details(machine)
    assert (None, None, None, 0) == (found.guest_host, found.address, found.lease, found.snapshots)


def test_one_that_is_gone_is_a_fault(machine: Target) -> None:
    gone = machine._replace(reference=vim.VirtualMachine("vm-999999", machine.session.stub))
    with pytest.raises(VsphereFault) as fault:
        details(gone)
    assert NOT_FOUND == fault.value.fault
