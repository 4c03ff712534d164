"""Machines with a lease, of a real simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere import ownership, properties
from clients.vsphere.queries.leased import UUID, Leased, leased
from tests.support.machine import power_off, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target

pytestmark = pytest.mark.stack


def found(session: Session, machine: Target) -> list[Leased]:
    return [each for each in leased(session) if each.moref == machine.moref]


def write(machine: Target, **written: str) -> None:
    options = [vim.option.OptionValue(key=f"reflexarc.{key}", value=value) for key, value in written.items()]
    reconfigure(machine, extraConfig=options)


def test_who_says_so_has_a_lease(session: Session, machine: Target) -> None:
    assert [] == found(session, machine)
    write(machine, lease="2026-12-24T18:00:00Z", owner="Anna O'Neil")
    uuid = properties.read(session, machine.reference, [UUID])[UUID]
    expected = Leased("vc1", machine.moref, uuid, machine.name, True, "Anna O'Neil", "2026-12-24T18:00:00Z")
    assert [expected] == found(session, machine)
    power_off(machine)
    assert [False] == [each.runs for each in found(session, machine)]
    write(machine, lease="")
    assert [] == found(session, machine)


def test_an_owner_is_not_needed_and_a_template_has_none(session: Session, machine: Target) -> None:
    write(machine, lease="whatever")
    assert [("", "whatever")] == [(each.owner, each.lease) for each in found(session, machine)]
    power_off(machine)
    machine.reference.MarkAsTemplate()
    assert [] == found(session, machine)
    assert ownership.LEASE == "reflexarc.lease"
