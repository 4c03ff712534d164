"""What the stories do to the simulators, and what they read back: by pyvmomi, never through our pipeline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.target import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clients.vsphere.session import Session
    from ops.demo.journal import Journal

TASK_WITHIN = 30.0
MOST_EVENTS = 1000


def power_on(session: Session, names: Iterable[str]) -> None:
    """Power on what is off, so that a story can be told again."""
    for name in names:
        machine = find([session], name).reference
        if properties.read(session, machine, ["runtime.powerState"])["runtime.powerState"] != "poweredOn":
            _wait(session, machine.PowerOnVM_Task())


def power_off(session: Session, names: Iterable[str]) -> dict[str, float]:
    """Power off the machines one by one; the time before each call, by name."""
    asked = {}
    for name in names:
        machine = find([session], name).reference
        asked[name] = time.time()
        _wait(session, machine.PowerOffVM_Task())
    return asked


def machine_names(session: Session, count: int) -> list[str]:
    """The first machines of the inventory, by name."""
    rows = properties.read_all(session, vim.VirtualMachine, ["name"])
    return sorted(row.values["name"] for row in rows)[:count]


def newest_key(session: Session) -> int:
    """The key of the newest event."""
    return max((event.key for event in _query(session)), default=0)


def event_keys(session: Session, event_type: str, after: int) -> dict[int, str]:
    """Keys above ``after`` of events of one type, with the name of their machine."""
    return {event.key: event.vm.name for event in _query(session, [event_type]) if event.key > after}


def post_events(session: Session, texts: Sequence[str], *, rate: float, journal: Journal) -> None:
    """Post one ``GeneralUserEvent`` per text, ``rate`` a second; the journal has each that succeeded, with its time."""
    manager, now, began = session.content.eventManager, session.current_time(), time.monotonic()
    for number, text in enumerate(texts):
        pause = began + number / rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        at = time.time()
        # The server puts its own key and time into the event.
        manager.PostEvent(vim.event.GeneralUserEvent(key=0, chainId=0, createdTime=now, userName="demo", message=text))
        journal.write({"at": at, "text": text})


def connections(session: Session, name: str) -> list[tuple[bool, bool]]:
    """(connected, connect at power on) of every virtual network card of the machine."""
    return [
        (bool(card.connectable.connected), bool(card.connectable.startConnected)) for card in _cards(session, name)[1]
    ]


def connect(session: Session, name: str, *, connected: bool = True) -> None:
    """Connect every network card, now and at power on; or disconnect it."""
    machine, cards = _cards(session, name)
    for card in cards:
        card.connectable.connected = card.connectable.startConnected = connected
    edits = [vim.vm.device.VirtualDeviceSpec(operation="edit", device=card) for card in cards]
    _wait(session, machine.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=edits)))


def _cards(session: Session, name: str) -> tuple[Any, list[Any]]:
    machine = find([session], name).reference
    devices = properties.read(session, machine, ["config.hardware.device"])["config.hardware.device"]
    return machine, [device for device in devices if isinstance(device, vim.vm.device.VirtualEthernetCard)]


def _query(session: Session, types: Sequence[str] = ()) -> list[Any]:
    wanted = vim.event.EventFilterSpec(maxCount=MOST_EVENTS)
    if types:
        wanted.eventTypeId = list(types)
    return list(session.content.eventManager.QueryEvents(wanted) or ())


def _wait(session: Session, reference: Any) -> None:
    task.wait(session, reference, deadline=time.monotonic() + TASK_WITHIN)
