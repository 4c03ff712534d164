"""``action: custom-attribute``: write something about a virtual machine where people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.faults import translated
from schemas.errors import Reject
from sinks.template import LONGEST, Template
from sinks.vsphere.actions.base import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.custom_attribute import CustomAttributeParameters

FIELDS: Final = "field"
VALUES: Final = "customValue"


class Setting(NamedTuple):
    """A value of an attribute.

    Attributes:
        key: of the attribute; None when it has yet to be defined.
        value: what it becomes.
    """

    key: int | None
    value: str


class CustomAttribute:
    """Sets one custom attribute of the machine; the vCenter must know the attribute, unless it may be defined."""

    verifiable: ClassVar = True

    def __init__(self, parameters: CustomAttributeParameters) -> None:
        self._attribute = parameters.attribute
        self._value = Template.of(parameters.value)
        self._may_create = parameters.create

    @property
    def privileges(self) -> tuple[str, ...]:
        """To set it, and to define it where that is wanted; the second is asked for at the root."""
        return ("Global.SetCustomField", *(["Global.ManageCustomFields"] if self._may_create else []))

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the attribute has the value that this event gives it."""
        value = self._value.render(event)
        if len(value) > LONGEST:
            raise Reject(f"the value of {self._attribute} would be longer than {LONGEST} characters")
        key, values = _read(target, self._attribute)
        if key is None and not self._may_create:
            vcenter = target.session.name
            raise Reject(f"vCenter {vcenter} has no custom attribute {self._attribute}: define it, or set create: true")
        if key is not None and values.get(key, "") == value:
            return Plan(target, ())
        old = "" if key is None else str(values.get(key, ""))
        before = {"attribute": self._attribute, "value": old, "written": value}
        return Plan(target, (f"set {self._attribute} to {value!r}",), Setting(key, value), before)

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The value from before, unless somebody has written another one since."""
        del event
        key, values = _read(target, before["attribute"])
        found = "" if key is None else values.get(key, "")
        if found == before["value"]:
            return Plan(target, ())
        if found != before["written"]:
            raise Reject(f"{target}: somebody has set {before['attribute']} to {found!r} since: it stays so")
        change = f"set {before['attribute']} back to {before['value']!r}"
        return Plan(target, (change,), Setting(key, before["value"]))

    def start(self, plan: Plan) -> None:
        """One ``SetField``, after one ``AddCustomFieldDef`` where there is no such attribute; both end at once."""
        session, manager = plan.target.session, plan.target.session.content.customFieldsManager
        key = plan.spec.key
        with translated(session.name):
            if key is None:
                key = manager.AddFieldDefinition(name=self._attribute, moType=vim.VirtualMachine).key
            manager.SetField(entity=plan.target.reference, key=key, value=plan.spec.value)


def _read(target: Target, attribute: str) -> tuple[int | None, dict[int, str]]:
    """Key of an attribute, if the vCenter knows it; and all values of the machine, by key."""
    manager = target.session.content.customFieldsManager
    key = key_of(attribute, properties.read(target.session, manager, [FIELDS]).get(FIELDS, ()))
    found = properties.read(target.session, target.reference, [VALUES]).get(VALUES, ())
    return key, {int(each.key): str(each.value) for each in found}


def key_of(name: str, fields: Iterable[Any]) -> int | None:
    """Key of the attribute of that name: the one of virtual machines, else the one of all objects, else none."""
    kinds = {each.managedObjectType: int(each.key) for each in fields if each.name == name}
    return kinds.get(vim.VirtualMachine, kinds.get(None))
