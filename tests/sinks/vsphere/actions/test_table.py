from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from clients.vsphere.target import CLASSES
from sinks.vsphere import actions
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.parameters.none import NoParameters


def test_the_configuration_is_read_without_pyvmomi() -> None:
    script = "import sys, sinks.vsphere.config; sys.exit('pyVmomi' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


@pytest.mark.parametrize("name", ACTIONS)
def test_every_parameter_is_described(name: str) -> None:
    assert [] == [key for key, field in actions.parameters(name).keys().items() if not field.description]


def test_what_an_action_is_told_decides_what_it_may_do() -> None:
    def needed(**given: int) -> set[str]:
        return {*actions.privileges("scale", actions.parameters("scale").model_validate(given))}

    assert {"VirtualMachine.Config.CPUCount"} == needed() - needed(add_cpus=0)
    assert {"VirtualMachine.Config.Memory"} == needed() - needed(add_memory=0)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_table_says_what_is_undoable(name: str) -> None:
    assert ACTIONS[name].undoable == hasattr(loaded(name), "undo")


@pytest.mark.parametrize("name", ACTIONS)
def test_the_table_names_a_kind_that_can_be_looked_for(name: str) -> None:
    assert ACTIONS[name].kind in CLASSES


@pytest.mark.parametrize("name", ACTIONS)
def test_the_table_says_where_objects_are_chosen(name: str) -> None:
    chosen_from = ACTIONS[name].chosen_from
    assert bool(chosen_from) == hasattr(loaded(name), "shortage")
    assert not chosen_from or chosen_from in {*CLASSES} - {ACTIONS[name].kind}


APPROVED = {
    "destroy",
    "disable-alarm-actions",
    "dvs-mtu",
    "enter-maintenance",
    "hard-reset",
    "migrate",
    "power-off",
    "preempt",
    "purge",
    "snapshot-retention",
}


def test_what_is_hard_to_take_back_is_approved_first_and_a_quarantine_does_not_wait() -> None:
    assert APPROVED == {name for name, entry in ACTIONS.items() if entry.approval}
    assert {"disconnect-vnic"} == {name for name, entry in ACTIONS.items() if entry.urgent}


def test_an_action_has_a_lane_of_its_own_unless_it_shares_one() -> None:
    assert {"migrate": "relocate", "storage-move": "relocate"} == {
        name: entry.lane for name, entry in ACTIONS.items() if entry.lane != name
    }


def loaded(name: str) -> type:
    """The class."""
    module, _, cls = ACTIONS[name].where.partition(":")
    found: type = getattr(import_module(module), cls)
    return found


@pytest.mark.parametrize("name", ACTIONS)
def test_the_kind_in_the_table_is_the_one_that_parameters_begin_with(name: str) -> None:
    field = actions.parameters(name).model_fields.get("kind")
    assert field is None or field.default == ACTIONS[name].kind


def test_parameters_decide_the_kind_where_they_have_one() -> None:
    given = actions.parameters("tag").model_validate({"category": "c", "tag": "t", "kind": "Datastore"})
    assert ("Datastore", "HostSystem") == (actions.kind("tag", given), actions.kind("exit-maintenance", NoParameters()))
