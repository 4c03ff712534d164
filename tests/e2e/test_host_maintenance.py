"""A host enters and leaves maintenance in its vCenter; so it does in Aria Operations, of which there is a stand-in."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.session import Session
from clients.vsphere.target import moref
from ops.demo.scene import Scene, kafka_section, read_config, vcenter_sections
from tests.sinks.destination import Destination
from tests.sinks.vrops.standin import AriaOperations

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status
    from tests.sinks.vrops.standin import Machine

pytestmark = pytest.mark.stack

PASSWORD = "hunter2-of-aria-operations"
SERVICES = {
    "ingest-vcenter": ("ingest", "vcenter"),
    "router": ("worker", "--role", "router"),
    "deliver": ("worker", "--role", "deliver"),
}
WITHIN = 60.0


def configuration(stack: Status, prefix: str, url: str, password_file: Path) -> dict[str, Any]:
    return {
        "kafka": kafka_section(stack, prefix),
        "vcenters": vcenter_sections(stack, poll="100ms"),
        "routes": [
            {
                "name": "maintenance",
                "match": {"subject": ["EnteredMaintenanceModeEvent", "ExitMaintenanceModeEvent"]},
                "to": ["operations"],
            }
        ],
        "sinks": {
            "operations": {
                "type": "vrops",
                "url": url,
                "username": "reflexarc",
                "password_file": str(password_file),
                "insecure": True,
            }
        },
    }


def enter(session: Session, host: Any) -> None:
    """Put the host into maintenance, and tell of it: simulators do not."""
    finish(session, host.EnterMaintenanceMode_Task(timeout=0))
    tell(session, host, vim.event.EnteredMaintenanceModeEvent)


def leave(session: Session, host: Any) -> None:
    finish(session, host.ExitMaintenanceMode_Task(timeout=0))
    tell(session, host, vim.event.ExitMaintenanceModeEvent)


def finish(session: Session, begun: Any) -> None:
    task.wait(session, begun, deadline=time.monotonic() + WITHIN)


def tell(session: Session, host: Any, kind: Any) -> None:
    named = vim.event.HostEventArgument(name=host.name, host=host)
    event = kind(key=0, chainId=0, createdTime=session.current_time(), userName="", host=named)
    session.content.eventManager.PostEvent(event)


async def changed(aria: AriaOperations, machine: Machine, count: int) -> list[str]:
    """What each adapter instance says once so many changes were carried out."""
    async with asyncio.timeout(WITHIN):
        while len(aria.journal) < count:
            await asyncio.sleep(0.05)
    return machine.states


async def test_a_host_in_maintenance_is_so_in_aria_operations_until_it_leaves(
    stack: Status, tmp_path: Path, prefix: str
) -> None:
    """Through the real ingest, router and delivery; each change is asked for once."""
    aria = AriaOperations(PASSWORD)
    (secret := tmp_path / "operations.password").write_text(PASSWORD)
    async with Destination() as destination:
        destination.answer = aria.handle
        with Scene(tmp_path / "scene", stack, prefix=prefix) as scene:
            scene.write_config(configuration(stack, prefix, destination.url, secret))
            await asyncio.to_thread(scene.run, "topics", "create")
            services = [scene.begin(name, *argv) for name, argv in SERVICES.items()]
            for service in services:
                await asyncio.to_thread(service.await_ready)
            with Session(read_config(scene).vcenters["vc1"]) as session:
                host, *others = properties.read_all(session, vim.HostSystem, ["name"])
                vcenter = session.about.instanceUuid
                machine, *_ = (
                    aria.add(moref(row.reference), row.values["name"], vcenter=vcenter) for row in (host, *others)
                )
                await asyncio.to_thread(enter, session, host.reference)
                try:
                    assert ["MAINTAINED_MANUAL"] * 2 == await changed(aria, machine, 1)
                finally:
                    await asyncio.to_thread(leave, session, host.reference)
                assert ["STARTED"] * 2 == await changed(aria, machine, 2)
            await asyncio.to_thread(scene.__exit__, None, None, None)
    assert [("PUT", machine.identifier, ""), ("DELETE", machine.identifier, "")] == aria.journal
