"""The inventory of real simulators, by way of a real broker, as the router knows it."""

from __future__ import annotations

import logging
import uuid
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.session import Session
from ingest.inventory.service import Service
from schemas import topics
from schemas.config import IngestInventoryConfig, Secret
from schemas.errors import ConfigError
from tests.support.inventory import TagDesk, configured, datacenter, done, following, machine, running, until
from tests.support.topics import everything
from tests.support.vcenter import ingest, installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confluent_kafka import Message

    from schemas.config import Config, VcenterConfig

pytestmark = pytest.mark.stack

NEVER = {"full_every": "1h"}
SOON = {"full_every": "1s"}
"""The simulator reports neither moves nor custom values; a vCenter does."""


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def one(vcenters: dict[str, VcenterConfig]) -> dict[str, VcenterConfig]:
    return {"vc1": vcenters["vc1"]}


@pytest.fixture
def configure(tmp_path: Path, kafka: str, prefix: str) -> Callable[..., Config]:
    return partial(configured, tmp_path, kafka, prefix)


@pytest.fixture
def place(session: Session) -> Iterator[Any]:
    """A folder for machines that are nobody else's; they go with it, for other tests count machines and name them."""
    folder = datacenter(session).vmFolder.CreateFolder(f"f{uuid.uuid4().hex[:8]}")
    yield folder
    for each in folder.childEntity:
        done(session, each.Destroy_Task())
    done(session, folder.Destroy_Task())


def written(config: Config) -> list[Message]:
    return everything(config.kafka.bootstrap, topics.inventory(config.kafka.prefix))


def key(reference: Any) -> str:
    return f"vc1/{reference._moId}"


async def test_every_entity_of_every_vcenter_is_known_apart(
    configure: Callable[..., Config], vcenters: dict[str, VcenterConfig], session: Session
) -> None:
    vm = datacenter(session).vmFolder.childEntity[0]
    async with following(configure(vcenters, **NEVER)) as inventory:
        await until(lambda: {"vc1", "vc2"} == inventory.ages().keys())
        first, second = inventory.entity(key(vm)), inventory.entity(f"vc2/{vm._moId}")
        assert first
        assert second
        assert (vm.name, "/DC0/vm", "DC0_C0", "Resources") == (
            first.name,
            first.folder,
            first.cluster,
            first.resource_pool,
        )
        name = f"renamed-{uuid.uuid4().hex[:8]}"
        before = vm.name
        done(session, vm.Rename_Task(name))
        await until(lambda: name == getattr(inventory.entity(key(vm)), "name", None))
        assert second == inventory.entity(f"vc2/{vm._moId}")
        done(session, vm.Rename_Task(before))


async def test_a_machine_is_followed_from_its_creation_to_its_end(
    configure: Callable[..., Config], one: dict[str, VcenterConfig], session: Session, place: Any
) -> None:
    config = configure(one, **NEVER)
    async with following(config) as inventory:
        known = len(inventory)
        vm = machine(session, place, "short-lived")
        await until(lambda: inventory.entity(key(vm)))
        assert f"/DC0/vm/{place.name}" == inventory.entity(key(vm)).folder
        done(session, place.Rename_Task(f"{place.name}-x"))
        await until(lambda: f"/DC0/vm/{place.name}" == inventory.entity(key(vm)).folder)
        assert known + 1 == len(inventory)
        done(session, vm.Destroy_Task())
        await until(lambda: known == len(inventory))
        assert {key(vm).encode()} == {record.key() for record in written(config) if record.value() is None}


async def test_a_move_and_a_custom_value_are_noticed(
    configure: Callable[..., Config], one: dict[str, VcenterConfig], session: Session, place: Any
) -> None:
    vm = machine(session, datacenter(session).vmFolder, f"moving-{uuid.uuid4().hex[:8]}")
    fields = session.content.customFieldsManager
    field = fields.AddCustomFieldDef(f"owner-{uuid.uuid4().hex[:8]}", vim.VirtualMachine, None, None)
    async with following(configure(one, **SOON)) as inventory:
        done(session, place.MoveIntoFolder_Task([vm]))
        fields.SetField(vm, field.key, "ops team")
        await until(lambda: f"/DC0/vm/{place.name}" == inventory.entity(key(vm)).folder)
        await until(lambda: "ops team" == inventory.entity(key(vm)).attribute(field.name))
        fields.SetField(vm, field.key, "")
        await until(lambda: None is inventory.entity(key(vm)).attribute(field.name))
    done(session, vm.Destroy_Task())


async def test_tags_come_and_go_and_are_renamed(
    configure: Callable[..., Config], one: dict[str, VcenterConfig], session: Session, place: Any
) -> None:
    vm = machine(session, place, "tagged")
    category = f"c{uuid.uuid4().hex[:8]}"
    with closing(TagDesk(one["vc1"])) as desk:
        tag = desk.make(category, "prod")
        async with following(configure(one, **NEVER)) as inventory:

            def tagged(*expected: str) -> bool:
                return expected == inventory.entity(key(vm)).tagged(category)

            desk.tie("attach", tag, vm)
            await until(partial(tagged, "prod"))
            desk.rename(tag, "production")
            await until(partial(tagged, "production"))
            desk.tie("detach", tag, vm)
            await until(tagged)
            assert None is not inventory.ages()["vc1"].tags


async def test_after_an_ended_session_nothing_is_missing_and_what_vanished_is_withdrawn(
    configure: Callable[..., Config],
    one: dict[str, VcenterConfig],
    session: Session,
    place: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    vm, other = machine(session, place, "gone"), machine(session, place, "stays")
    config = configure(one, **NEVER)
    async with following(config) as inventory:
        assert inventory.entity(key(vm))
        with caplog.at_level(logging.INFO):
            manager = session.content.sessionManager
            manager.TerminateSession([each.key for each in manager.sessionList if each.key != session.key])
            done(session, vm.Destroy_Task())
            done(session, other.Rename_Task("stayed"))
            await until(lambda: "stayed" == inventory.entity(key(other)).name)
            await until(lambda: any("the inventory is current" in message for message in caplog.messages))
        assert "vCenter vc1 has ended the session" in caplog.messages
        withdrawn = {each.key() for each in written(config) if each.value() is None}
        assert {key(vm).encode()} == withdrawn


async def test_a_restart_writes_only_what_has_changed_meanwhile(
    configure: Callable[..., Config], one: dict[str, VcenterConfig], session: Session, place: Any
) -> None:
    config = configure(one, **NEVER)
    vm, other = machine(session, place, "gone"), machine(session, place, "stays")
    async with following(config):
        pass
    before = len(written(config))
    done(session, vm.Destroy_Task())
    done(session, other.Rename_Task("stayed"))
    async with following(config) as inventory:
        await until(lambda: "stayed" == inventory.entity(key(other)).name)
    later = written(config)[before:]
    assert {key(vm), key(other)} == {each.key().decode() for each in later} - {"vc1/-"}


async def test_a_vcenter_that_is_no_longer_configured_is_withdrawn(
    configure: Callable[..., Config], vcenters: dict[str, VcenterConfig]
) -> None:
    config = configure(vcenters, **NEVER)
    async with following(config) as inventory:
        await until(lambda: {"vc1", "vc2"} == inventory.ages().keys())
    async with following(config.model_copy(update={"vcenters": {"vc1": config.vcenters["vc1"]}})) as inventory:
        await until(lambda: {"vc1"} == inventory.ages().keys())
        assert None is inventory.entity("vc2/group-d1")


async def test_a_vcenter_that_refuses_us_disturbs_no_other(
    tmp_path: Path, configure: Callable[..., Config], vcenters: dict[str, VcenterConfig]
) -> None:
    config = configure(vcenters, **NEVER)
    wrong = tmp_path / "wrong.password"
    wrong.write_text("not-the-password")
    refused = config.vcenters["vc2"].model_copy(update={"password": Secret.from_file(wrong)})
    broken: Config = config.model_copy(update={"vcenters": {"vc1": config.vcenters["vc1"], "vc2": refused}})
    service = Service(broken)
    assert ["has not read from Kafka yet what it has written before"] == service.problems()
    async with running(service, broken) as inventory:
        await until(lambda: {"vc1"} == inventory.ages().keys())
        await until(lambda: ["vCenter vc2: its inventory is not current"] == service.problems())


def test_the_process_is_ready_when_all_is_current_and_ends_when_asked(
    tmp_path: Path, kafka: str, prefix: str, vcenters: dict[str, VcenterConfig]
) -> None:
    with ingest(installation(tmp_path, kafka, prefix, vcenters), kind="inventory") as process:
        for name in vcenters:
            assert f'reflexarc_ingest_inventory_up{{vcenter="{name}"}} 1.0' in process.metrics()
        assert 0 == process.end()
    assert "vCenter vc1: the inventory is current" in process.said()


def test_names_that_are_not_configured_are_refused(
    configure: Callable[..., Config], one: dict[str, VcenterConfig]
) -> None:
    config = configure(one)
    with pytest.raises(ConfigError) as error:
        Service(config, only=["vc9"])
    assert ["known: vc1"] == [problem.cure for problem in error.value.problems]
    with pytest.raises(ConfigError) as error:
        Service(config.model_copy(update={"vcenters": {}}))
    assert ["names no server"] == [problem.what for problem in error.value.problems]


def test_how_often_is_configurable() -> None:
    assert (60.0, 3600.0) == (IngestInventoryConfig().tags_every, IngestInventoryConfig().full_every)
