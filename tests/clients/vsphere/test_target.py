"""Which object a text stands for, on real simulators; what guests say is set by the simulators' own key."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.kinds import CLUSTER, DATASTORE, FOLDER, HOST, KINDS, SWITCH, kind_of
from clients.vsphere.session import Session
from clients.vsphere.target import NoSingleTarget, Target, find
from tests.support.machine import machine_of_its_own, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def two(session: Session) -> Iterator[tuple[Target, Target]]:
    with ExitStack() as stack:
        yield stack.enter_context(machine_of_its_own(session)), stack.enter_context(machine_of_its_own(session))


def says(machine: Target, **guest: str) -> None:
    """What its guest says of itself."""
    options = [vim.option.OptionValue(key=f"SET.guest.{key}", value=value) for key, value in guest.items()]
    reconfigure(machine, extraConfig=options)


@pytest.mark.parametrize(
    ("kind", "name"), [(HOST, "DC0_C0_H1"), (DATASTORE, "LocalDS_1"), (SWITCH, "DVS0"), (CLUSTER, "DC0_C0")]
)
def test_every_kind_is_found_by_its_name_and_knows_what_it_is(session: Session, kind: str, name: str) -> None:
    target = find([session], name.swapcase(), kind)
    assert (name, kind) == (target.name, target.kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_not_there_is_refused_in_the_words_of_its_kind(session: Session, kind: str) -> None:
    with pytest.raises(NoSingleTarget, match=f"no {KINDS[kind].one} is called 'DC0_C0_RP0_VM' in vc1"):
        find([session], "DC0_C0_RP0_VM", kind)


def test_a_folder_is_found_by_its_path(session: Session) -> None:
    assert find([session], "vm", FOLDER) == find([session], "/DC0/vm/", FOLDER)


@pytest.mark.parametrize("path", ["/DC0/vm/nope", "/DC0/vm/DC0_C0_RP0_VM1", "/DC0"])
def test_a_path_of_no_folder_is_refused(session: Session, path: str) -> None:
    with pytest.raises(NoSingleTarget, match=f"no folder is at '{path}' in vc1"):
        find([session], path, FOLDER)


def test_a_path_of_two_folders_is_refused_with_both(session: Session, vcenters: dict[str, VcenterConfig]) -> None:
    with Session(vcenters["vc2"]) as other, pytest.raises(NoSingleTarget, match=r"2 folders are at .*\(vc1/.*\(vc2/"):
        find([session, other], "/DC0/vm", FOLDER)


def test_a_class_that_nothing_is_done_to_is_a_kind_of_its_own() -> None:
    assert ("VirtualMachine", SWITCH, "Datacenter") == (
        kind_of("VirtualMachine"),
        kind_of("DistributedVirtualSwitch"),
        kind_of("Datacenter"),
    )


def test_a_machine_without_the_name_is_found_by_what_its_guest_says(
    session: Session, two: tuple[Target, Target]
) -> None:
    host, address = f"h{uuid.uuid4().hex[:8]}", "2001:DB8::7"
    says(two[0], hostName=f"{host}.example.org", ipAddress=address)
    for text in (host.upper(), f"{host}.example.ORG", address.lower()):
        assert two[0].moref == find([session], text).moref


@pytest.mark.parametrize(("guest", "words"), [("hostName", "have guests called"), ("ipAddress", "have the address")])
def test_what_two_guests_say_is_refused_with_both(
    session: Session, two: tuple[Target, Target], guest: str, words: str
) -> None:
    text = f"x{uuid.uuid4().hex[:8]}"
    for machine in two:
        says(machine, **{guest: text})
    with pytest.raises(NoSingleTarget, match=f"2 virtual machines {words} '{text}'") as error:
        find([session], text)
    assert all(str(machine) in str(error.value) for machine in two)


def test_by_names_alone_no_guest_stands_for_a_machine(session: Session, two: tuple[Target, Target]) -> None:
    host = f"h{uuid.uuid4().hex[:8]}"
    says(two[0], hostName=host)
    with pytest.raises(NoSingleTarget, match=f"no virtual machine is called '{host}' in vc1"):
        find([session], host, guests=False)


def test_a_guest_cannot_pretend_to_be_a_machine_that_has_the_name(session: Session, two: tuple[Target, Target]) -> None:
    real, liar = two
    says(liar, hostName=real.name)
    assert real.moref == find([session], real.name).moref
