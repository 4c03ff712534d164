"""What turns alarms red: a session of its own, because what our account does itself is no reason to act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from pyVmomi import vim

from clients.vsphere import wire

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

USER: Final = "monitoring"

_TOKEN: Final = f"<Assertion><Subject><NameID>{USER}</NameID></Subject></Assertion>"
"""Simulators take anybody's word for who he is."""

_STATES: Final = ("red", "green")


class Monitoring:
    """Alarms of one simulator. Enter it as a context manager.

    Simulators evaluate no metrics, only alarms on events; and they tell of no change. So both is done here.
    """

    def __init__(self, config: VcenterConfig) -> None:
        self._stub: Any = wire.stub(config, lambda _: None)
        self._stub.samlToken = _TOKEN
        self._content: Any = vim.ServiceInstance("ServiceInstance", self._stub).RetrieveContent()
        self._alarms: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._content.sessionManager.LoginByToken(None)
        self._stub.samlToken = None
        return self

    def __exit__(self, *error: object) -> None:
        self._content.sessionManager.Logout()
        self._stub.DropConnections()

    def define(self, name: str, kind: Any = vim.VirtualMachine) -> None:
        """An alarm of every machine, or of every datastore where ``kind`` is ``vim.Datastore``."""
        expressions = [
            vim.alarm.EventAlarmExpression(
                eventType=vim.event.EventEx,
                eventTypeId=_event_type(name, status),
                objectType=kind,
                status=status,
            )
            for status in _STATES
        ]
        spec = vim.alarm.AlarmSpec(
            name=name,
            description=name,
            enabled=True,
            expression=vim.alarm.OrAlarmExpression(expression=expressions),
        )
        self._alarms[name] = self._content.alarmManager.CreateAlarm(self._content.rootFolder, spec)

    def turn(self, name: str, target: Target, before: str, after: str) -> None:
        """Have the alarm of a machine or datastore go from one status to another, and the vCenter tell of it.

        Args:
            name: of an alarm that was defined.
            target: whose.
            before: ``red``, ``yellow`` or ``green``.
            after: ``red`` or ``green``.
        """
        common: dict[str, Any] = {"key": 0, "chainId": 0, "createdTime": target.session.current_time(), "userName": ""}
        manager = self._content.eventManager
        manager.PostEvent(
            vim.event.EventEx(
                **common,
                eventTypeId=_event_type(name, after),
                objectType=type(target.reference),
                objectId=target.moref,
            )
        )
        root, alarm = self._content.rootFolder, self._alarms[name]
        told = vim.event.AlarmStatusChangedEvent(
            **common,
            alarm=vim.event.AlarmEventArgument(name=name, alarm=alarm),
            source=vim.event.ManagedEntityEventArgument(name="Datacenters", entity=root),
            entity=vim.event.ManagedEntityEventArgument(name=target.name, entity=target.reference),
            to=after,
            **_itself(target),
        )
        setattr(told, "from", before)
        manager.PostEvent(told)


def _itself(target: Target) -> dict[str, Any]:
    """The member of an event that names it by its kind."""
    if isinstance(target.reference, vim.Datastore):
        return {"ds": vim.event.DatastoreEventArgument(name=target.name, datastore=target.reference)}
    return {"vm": vim.event.VmEventArgument(name=target.name, vm=target.reference)}


def _event_type(alarm: str, status: str) -> str:
    return f"com.reflexarc.demo.{alarm.replace(' ', '-').lower()}.{status}"
