"""Alarms of a simulator: triggered by the event it has one for; what it has no call for stands in on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim, vmodl
from pyVmomi.SoapAdapter import SoapStubAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from clients.vsphere.target import Target

ALARM: Final = "vcsim VM Alarm"
REFERENCE: Final = "alarm-384"

ENABLED: Final = "alarmActionsEnabled"


def turn(machine: Target, colour: str) -> None:
    """Have the simulator's alarm of machines red, yellow or green."""
    kind = {"green": "success", "yellow": "failure", "red": "fatal"}[colour]
    event = vim.event.EventEx(
        key=0,
        chainId=0,
        createdTime=machine.session.current_time(),
        userName="",
        eventTypeId=f"vcsim.vm.{kind}",
        objectType=vim.VirtualMachine,
        objectId=machine.moref,
    )
    machine.session.content.eventManager.PostEvent(event)


class AlarmManager:
    """The two calls that simulators lack: ``EnableAlarmActions``, and ``ClearTriggeredAlarms`` by colour of machines.

    Attributes:
        off: morefs of the objects whose alarms do nothing.
    """

    _installed: ClassVar[AlarmManager]

    @classmethod
    def installed(cls) -> AlarmManager:
        """The one of the running test."""
        return cls._installed

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off: set[str] = set()
        AlarmManager._installed = self
        original = SoapStubAdapter.InvokeMethod

        def invoke(stub: Any, mo: Any, info: Any, args: Any, *rest: Any) -> Any:
            if info.wsdlName == "EnableAlarmActions":
                entity, enabled = args
                (self.off.discard if enabled else self.off.add)(entity._moId)
                return None
            if info.wsdlName == "ClearTriggeredAlarms":
                _clear(stub, args[0], original)
                return None
            answer = original(stub, mo, info, args, *rest)
            if info.wsdlName == "RetrievePropertiesEx" and ENABLED in str(args[0]):
                for found in answer.objects:
                    found.propSet += [vmodl.DynamicProperty(name=ENABLED, val=found.obj._moId not in self.off)]
            return answer

        monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)


def _clear(stub: Any, spec: Any, invoke: Callable[..., Any]) -> None:
    assert ("entityTypeVm", "triggerTypeAll") == (spec.typeEntity, spec.typeTrigger)
    content = vim.ServiceInstance("ServiceInstance", stub).content
    post: Any = vim.event.EventManager.PostEvent
    for state in list(content.rootFolder.triggeredAlarmState):
        if state.overallStatus in spec.status and isinstance(state.entity, vim.VirtualMachine):
            event = vim.event.EventEx(
                key=0,
                chainId=0,
                createdTime=state.time,
                userName="",
                eventTypeId="vcsim.vm.success",
                objectType=vim.VirtualMachine,
                objectId=state.entity._moId,
            )
            invoke(stub, content.eventManager, post.info, (event, None))
