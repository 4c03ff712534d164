"""Properties of several objects at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.kinds import CLUSTER, DATASTORE
from clients.vsphere.session import Session
from clients.vsphere.target import find, moref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


def test_what_an_object_holds_is_read_with_its_holder_left_out(session: Session) -> None:
    store = find([session], "LocalDS_0", DATASTORE)
    found = properties.read_held(session, store.reference, "host", vim.HostSystem, ["name"])
    assert [] == found, "its mounts are no references"
    machine = find([session], "DC0_C0_RP0_VM0")
    rows = properties.read_held(session, machine.reference, "datastore", vim.Datastore, ["name", "summary.url"])
    assert [store.moref] == [moref(row.reference) for row in rows]
    assert [properties.read(session, store.reference, ["name", "summary.url"])] == [row.values for row in rows]


def test_a_holder_that_is_gone_is_a_fault(session: Session) -> None:
    with pytest.raises(VsphereFault) as caught:
        properties.read_held(session, vim.Datastore("datastore-9", session.stub), "vm", vim.VirtualMachine, ["name"])
    assert NOT_FOUND == caught.value.fault


@pytest.mark.parametrize("places", [(), (0,), (3,), (0, 2, 5), tuple(range(6))], ids=str)
def test_those_that_are_gone_are_left_out_and_the_others_are_read(session: Session, places: tuple[int, ...]) -> None:
    known = [find([session], f"DC0_C0_RP0_VM{number}").reference for number in range(6)]
    gone = vim.VirtualMachine("vm-999999", session.stub)
    asked = [gone if number in places else each for number, each in enumerate(known)]
    if places:
        with pytest.raises(VsphereFault):
            properties.read_each(session, asked, ["name"])
    found = properties.read_those_left(session, asked, ["name"])
    assert [moref(each) for each in asked if each is not gone] == [moref(row.reference) for row in found]


def test_what_is_read_may_be_within_something(session: Session) -> None:
    cluster = find([session], "DC0_C0", CLUSTER).reference
    assert 2 == len(properties.read_all(session, vim.HostSystem, ["name"], within=cluster))
    assert [] == properties.read_all(session, vim.Datastore, ["name"], within=cluster)
