from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from schemas.errors import Reject
from sinks.vsphere.actions.custom_attribute import CustomAttribute, key_of
from sinks.vsphere.parameters.custom_attribute import CustomAttributeParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import attributes

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


@pytest.fixture
def name() -> str:
    """An attribute that no vCenter knows."""
    return f"attribute-{uuid.uuid4().hex[:10]}"


def plan(machine: Target, **parameters: Any) -> Plan:
    return CustomAttribute(CustomAttributeParameters(**parameters)).plan(machine, about(machine))


def define(machine: Target, name: str, kind: Any) -> int:
    defined = machine.session.content.customFieldsManager.AddFieldDefinition(name=name, moType=kind)
    return int(defined.key)


def test_an_attribute_that_the_vcenter_does_not_know_is_rejected(machine: Target, name: str) -> None:
    with pytest.raises(Reject, match=f"no custom attribute {name}: define it, or set create: true"):
        plan(machine, attribute=name, value="x")


async def test_it_is_defined_where_that_is_wanted(
    vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls, name: str
) -> None:
    given = about(machine)
    parameters = {"attribute": name, "value": "{time}", "create": True}
    async with opened(vcenters, action="custom-attribute", parameters=parameters) as sink:
        await sink.send(given)
        await sink.send(given)
    assert ["AddCustomFieldDef", "SetField"] == calls.changing
    assert [given.time] == attributes(govc, machine, given)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([vim.VirtualMachine], 0),
        ([None], 0),
        ([vim.HostSystem, None, vim.VirtualMachine], 2),
        ([vim.HostSystem, None], 1),
        ([vim.HostSystem], None),
        ([], None),
    ],
)
def test_it_is_one_of_machines_or_else_of_everything(kinds: list[Any], expected: int | None) -> None:
    define = vim.CustomFieldsManager.FieldDef
    fields = [define(key=key, name="owner", type=str, managedObjectType=kind) for key, kind in enumerate(kinds)]
    others = [define(key=9, name="other", type=str, managedObjectType=vim.VirtualMachine)]
    assert expected == key_of("owner", [*fields, *others])


def test_an_attribute_of_hosts_is_another(machine: Target, name: str) -> None:
    define(machine, name, vim.HostSystem)
    with pytest.raises(Reject, match="no custom attribute"):
        plan(machine, attribute=name, value="x")


async def test_a_later_event_changes_the_value_and_an_empty_one_takes_it_away(
    vcenters: Known, machine: Target, govc: Govc, name: str
) -> None:
    define(machine, name, vim.VirtualMachine)
    seen = []
    for value in ("{id}", "{id}", ""):
        given = about(machine)
        parameters = {"attribute": name, "value": value}
        async with opened(vcenters, action="custom-attribute", parameters=parameters) as sink:
            await sink.send(given)
        seen.append([each.replace(given.id, "EVENT") for each in attributes(govc, machine, given)])
    assert [["EVENT"], ["EVENT"], [""]] == seen


def test_a_machine_without_a_value_has_an_empty_one(machine: Target, name: str) -> None:
    define(machine, name, vim.VirtualMachine)
    assert () == plan(machine, attribute=name, value="").changes


def test_a_value_of_any_length_is_not_sent(machine: Target, name: str) -> None:
    given = about(machine, source="x" * 2000)
    parameters = CustomAttributeParameters(attribute=name, value="{source}", create=True)
    with pytest.raises(Reject, match="longer than 1024 characters"):
        CustomAttribute(parameters).plan(machine, given)


def test_a_value_that_somebody_has_written_since_stays(machine: Target, name: str) -> None:
    key = define(machine, name, vim.VirtualMachine)
    given = plan(machine, attribute=name, value="ours")
    action = CustomAttribute(CustomAttributeParameters(attribute=name, value="ours"))
    action.start(given)
    machine.session.content.customFieldsManager.SetField(entity=machine.reference, key=key, value="theirs")
    with pytest.raises(Reject, match=f"somebody has set {name} to 'theirs' since: it stays so"):
        action.undo(machine, given.before, about(machine))
