"""Machines by name, of a real simulator, compared with govc."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.queries import machines as asked
from clients.vsphere.queries.machines import Machine, machines
from tests.support.machine import finish, power_off, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack


def test_everybody_is_listed_in_the_order_of_the_alphabet(session: Session, govc: Govc) -> None:
    found = machines(session)
    names = sorted(each["name"] for each in govc.read_all("VirtualMachine", "name"))
    assert (names, len(names)) == ([each.name for each in found.rows], found.all)


def test_a_machine_is_shown_with_its_size_its_place_and_its_owner(session: Session, machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value="Anna O'Neil")])
    expected = Machine(machine.name, machine.moref, "poweredOff", 1, 1024, "/DC0/vm", "Anna O'Neil", template=False)
    assert (expected,) == machines(session, machine.name.upper()).rows
    machine.reference.MarkAsTemplate()
    assert machines(session, machine.name).rows[0].template


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("DC0_C0_RP0_VM?", 10), ("dc0_c0_rp0_vm*", 20), ("dc0_c0_rp0_vm1*", 11), ("VM1", 0), ("", 0), ("[Dd]*", 0)],
)
def test_stars_and_question_marks_stand_for_text_and_nothing_else_does(
    session: Session, pattern: str, count: int
) -> None:
    assert count == machines(session, pattern).all


@pytest.mark.parametrize("name", ['o\'neil "x"', "'] | //* | ['", "a[b]c", "(a|b)+", "$(id); `id`", "größe"])
def test_a_name_is_plain_text_whatever_is_in_it(session: Session, machine: Target, name: str) -> None:
    before, own = machine.name, f"{machine.name} {name}"
    finish(session, machine.reference.Rename_Task(own.replace("/", "%2f")))
    try:
        assert [own] == [each.name for each in machines(session, own).rows]
        assert [own] == [each.name for each in machines(session, f"{before} *").rows]
    finally:
        finish(session, machine.reference.Rename_Task(before))


def test_of_one_owner_s_the_first_are_shown(session: Session, machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many of others come before them."""
    monkeypatch.setattr(asked, "MOST", 1)
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value="Anna")])
    found = machines(session, owner="Anna")
    assert ([machine.name], 1) == ([each.name for each in found.rows], found.all)
    assert 0 == machines(session, owner="anna").all


def test_a_long_list_is_cut_and_its_length_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST", 3)
    found = machines(session, "DC0_*")
    assert (["DC0_C0_RP0_VM0", "DC0_C0_RP0_VM1", "DC0_C0_RP0_VM10"], 20) == (
        [each.name for each in found.rows],
        found.all,
    )


def test_a_pattern_that_is_all_stars_costs_no_more_than_another(session: Session) -> None:
    assert 0 == machines(session, "a*" * 200 + "b").all
