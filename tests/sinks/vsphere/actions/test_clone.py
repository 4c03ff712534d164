"""What is not cloned, and what a clone is like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.kinds import FOLDER
from clients.vsphere.target import find
from schemas.errors import Reject
from sinks.vsphere.actions.clone import Clone
from sinks.vsphere.parameters.clone import CloneParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.preparing import MADE, take, unmake
from tests.support.machine import MODEL, adapters, finish, power, power_off, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack


@pytest.fixture
def folder(session: Session) -> Iterator[Target]:
    folder = find([session], "/DC0/vm", FOLDER)
    yield folder
    unmake(folder)


def action(**fields: Any) -> Clone:
    return Clone(CloneParameters.model_validate({**MADE, "source": MODEL, **fields}))


def plan(folder: Target, **fields: Any) -> Plan:
    return action(**fields).plan(folder, about(folder))


def make(folder: Target, **fields: Any) -> Target:
    wanted = action(**fields)
    finish(folder.session, wanted.start(wanted.plan(folder, about(folder))))
    return find([folder.session], str(MADE["name"]))


def test_a_source_may_be_named_by_its_id(folder: Target, machine: Target) -> None:
    assert machine.name in plan(folder, source=machine.moref).changes[0]


def test_two_sources_of_one_name_are_a_refusal_with_both(folder: Target, machine: Target) -> None:
    other = find([folder.session], MODEL)
    finish(folder.session, machine.reference.Rename_Task(MODEL.lower()))
    with pytest.raises(Reject, match=f"more than one virtual machine is called .*{other.moref}.*: name one") as refusal:
        plan(folder)
    assert machine.moref in str(refusal.value)


def test_where_a_template_is_asked_for_nothing_else_is_cloned(folder: Target, machine: Target) -> None:
    with pytest.raises(Reject, match=f"no template is called '{machine.name}'"):
        plan(folder, source=machine.name, template=True)
    power_off(machine)
    machine.reference.MarkAsTemplate()
    assert "poweredOff" == power(make(folder, source=machine.name, template=True))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"max_cpus": 1}, "it has 2 CPUs, and max_cpus is 1"),
        ({"max_memory": "1020MiB"}, "it has 1GiB of memory, and max_memory is 1020MiB"),
        ({"max_disk": "1MiB"}, "its disks have .*, and max_disk is 1MiB"),
    ],
    ids=str,
)
def test_what_is_larger_than_it_may_be_is_not_cloned(
    folder: Target, machine: Target, fields: dict[str, Any], reason: str
) -> None:
    reconfigure(machine, numCPUs=2)
    with pytest.raises(Reject, match=f"is not cloned: {reason}"):
        plan(folder, source=machine.name, **fields)


def test_a_machine_that_runs_and_has_snapshots_is_cloned(folder: Target, machine: Target) -> None:
    take(machine, "s1")
    assert "poweredOff" == power(make(folder, source=machine.name))


def test_adapters_stay_connected_where_that_is_asked_for(folder: Target, machine: Target) -> None:
    made = make(folder, source=machine.name, connected=True)
    assert [True] == [each.connectable.startConnected for each in adapters(made)]


def test_an_address_is_not_given_to_the_clone_as_well(folder: Target, machine: Target) -> None:
    made = make(folder, source=machine.name)
    assert [each.macAddress for each in adapters(machine)] != [each.macAddress for each in adapters(made)]


def test_a_customization_that_is_not_there_is_a_refusal(folder: Target) -> None:
    with pytest.raises(Reject, match="has no customization specification 'nope'"):
        plan(folder, customization="nope")
