"""An alarm of a datastore: as few machines as make room leave it, and no others when it is delivered again."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from clients.vsphere.target import find
from ops.demo.crisis.monitoring import Monitoring
from schemas.cloudevents import CloudEvent
from schemas.config import VcenterConfig
from schemas.epoch import written
from schemas.remediation.request import Request
from tests.faults.remediation.world import ALARM, World
from tests.support import topics
from tests.support.flow import wait
from tests.support.govc import Govc
from tests.support.inventory import TagDesk
from tests.support.machine import finish
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

NAME: Final = "Datastore usage on disk"
MACHINES: Final = tuple(f"DC0_C0_RP0_VM{number}" for number in range(8))
SNAPSHOT, PROTECTED, DENIED = MACHINES[:3]


class Installation:
    """One vCenter whose datastore lacks a little more than a machine takes, and the roles that make room.

    Attributes:
        world: the roles.
        govc: tells the vCenter's state.
        alarm: moref of the alarm that is red.
        store: the datastore's reference, as events have it.
    """

    def __init__(self, stack: Status, folder: Path, prefix: str, sections: dict[str, Any], closing: ExitStack) -> None:
        config = VcenterConfig.model_validate({"name": "vc1", **sections["vc1"]})
        self.govc = Govc(config)
        (store,) = (each for each in self.govc.read_all("Datastore", "name") if each["name"] == "LocalDS_0")
        self.store = {"Type": "Datastore", "Value": store["moref"]}
        _restrict(config)
        monitoring = closing.enter_context(Monitoring(config))
        monitoring.define(NAME, vim.Datastore)
        with Session(config) as session:
            monitoring.turn(NAME, find([session], "LocalDS_0", "Datastore"), "yellow", "red")
        self.alarm = monitoring._alarms[NAME]._moId
        free = self.govc.read("Datastore", store["moref"], "summary.freeSpace")
        takes = {
            each["summary.storage.committed"]
            for each in self.govc.read_all("VirtualMachine", "summary.storage.committed")
        }
        parameters = {"headroom": free + max(takes) + 1}
        sinks = {"move": {"action": "storage-move", "parameters": parameters}}
        key = folder.with_suffix(".key")
        key.write_text("k" * 44)
        limits = {"deny": [{"names": [DENIED]}], "answer_key_file": str(key)}
        self.world = closing.enter_context(World(folder, stack, prefix, sinks=sinks, limits=limits, vcenters=sections))

    def send(self, event: CloudEvent) -> None:
        topics.publish(self.world.bootstrap, f"{self.world.prefix}.sink.move", event)

    def event(self, name: str, data: dict[str, Any]) -> CloudEvent:
        return CloudEvent(
            id=name,
            source="https://vc1/sdk",
            type="com.vmware.vsphere.AlarmStatusChangedEvent.v0",
            subject=ALARM,
            time=written(datetime.now(UTC)),
            datacontenttype="application/json",
            data=orjson.dumps({"From": "yellow", "To": "red", "UserName": "", **data}),
            extensions={"vcenter": "vc1", "partitionkey": "vc1/x"},
        )

    def red(self, name: str) -> CloudEvent:
        """The alarm of the datastore."""
        entity = {"Name": "LocalDS_0", "Entity": self.store}
        alarm = {"Name": NAME, "Alarm": {"Type": "Alarm", "Value": self.alarm}}
        return self.event(
            name, {"Alarm": alarm, "Entity": entity, "Ds": {"Name": "LocalDS_0", "Datastore": self.store}}
        )

    def moved(self) -> set[str]:
        """Machines that are elsewhere by now."""
        found = self.govc.read_all("VirtualMachine", "name", "datastore")
        return {each["name"] for each in found if self.store["Value"] not in str(each["datastore"])}

    def asked(self) -> list[Request]:
        """Every request that there is."""
        found = topics.everything(self.world.bootstrap, f"{self.world.prefix}.requests")
        return [Request.decode(record.value()) for record in found]


def _restrict(config: VcenterConfig) -> None:
    """Give one machine a snapshot, and one the tag that protects it."""
    with Session(config) as session, closing(TagDesk(config)) as desk:
        machine = find([session], SNAPSHOT).reference
        finish(session, machine.CreateSnapshot_Task(name="s", memory=False, quiesce=False))
        desk.tie("attach", desk.make("reflexarc", "protected"), find([session], PROTECTED).reference)


@pytest.fixture
def installation(stack: Status, tmp_path: Path, prefix: str) -> Iterator[Installation]:
    with ExitStack() as closing:
        sections = closing.enter_context(simulators(tmp_path, "vc1", machines=len(MACHINES)))
        made = Installation(stack, tmp_path / "world", prefix, sections, closing)
        made.world.start_all("deliver", "decide", "execute")
        yield made


def test_as_few_machines_as_make_room_are_moved_and_a_second_delivery_moves_no_other(
    installation: Installation,
) -> None:
    world, event = installation.world, installation.red("full")
    installation.send(event)
    wait(lambda: len(world.finals().get("full", [])) == 2)
    moved = installation.moved()
    assert ["succeeded", "succeeded"] == world.finals()["full"]
    assert (2, set()) == (len(moved), moved & {SNAPSHOT, PROTECTED, DENIED})
    machine = {"Type": "VirtualMachine", "Value": find_moref(installation, DENIED)}
    installation.send(event)
    installation.send(installation.event("last", {"Entity": {"Name": DENIED, "Entity": machine}}))
    wait(lambda: "last" in world.finals())
    first, again = installation.asked()[:2], installation.asked()[2:4]
    assert [each.id for each in first] == [each.id for each in again]
    assert moved == {each.entity.name for each in first if each.entity}
    assert set() == moved & {each.entity.name for each in again if each.entity}
    assert (moved, ["succeeded"] * 2, ["refused"]) == (
        installation.moved(),
        world.finals()["full"],
        world.finals()["last"],
    )


def test_each_machine_is_taken_back_by_itself(installation: Installation) -> None:
    world = installation.world
    installation.send(installation.red("full"))
    wait(lambda: len(world.finals().get("full", [])) == 2)
    moved = installation.moved()
    back, stays = [data for _, step, data in world.audit() if step == "approved"]
    assert [(1, 2), (2, 2)] == [(each["part"], each["parts"]) for each in (back, stays)]
    said = world.scene.run("remediation", "undo", back["actionId"], "--reason", "too early")
    assert said.rstrip().endswith(": succeeded")
    assert (moved, {stays["entity"]["name"]}) == (
        {back["entity"]["name"], stays["entity"]["name"]},
        installation.moved(),
    )


def find_moref(installation: Installation, name: str) -> str:
    found = installation.govc.read_all("VirtualMachine", "name")
    return next(str(each["moref"]) for each in found if each["name"] == name)
