"""What people get ends: they are warned, it is powered off, put away, and deleted once somebody agrees."""

from __future__ import annotations

import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.kinds import DATASTORE
from clients.vsphere.session import Session
from clients.vsphere.target import find
from ops.demo.scene import read_config
from schemas.commands.kinds import APPROVE
from streams.commands.placement import instant
from tests.e2e.test_commands import asked, hears, machine, power
from tests.faults.commands.world import BEN, World
from tests.sinks.vsphere.actions.looking import holds
from tests.support.chat import CHANNEL, USER
from tests.support.flow import wait
from tests.support.inventory import TagDesk
from tests.support.machine import reconfigure
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("leases")]


@pytest.fixture(scope="module")
def world(stack: Status, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("leases")
    prefix = f"e2e-leases-{uuid.uuid4().hex[:8]}"
    with (
        simulators(folder, "vc1") as vcenters,
        World(folder / "world", stack, prefix, vcenters=vcenters, commands={"owner_tags": "owner"}) as world,
    ):
        world.start_all("decide", "execute", "deliver")
        argv = ("worker", "--role", "command", "--instance", "command")
        world.scene.service("command", *argv, module="tests.e2e.hasty")
        yield world


def end(world: World, name: str, seconds: float) -> str:
    """Have its lease end in so many seconds, as an operator would who writes it into the machine."""
    until = instant(time.time() + seconds)
    with Session(read_config(world.scene).vcenters["vc1"]) as session:
        reconfigure(find([session], name), extraConfig=[vim.option.OptionValue(key="reflexarc.lease", value=until)])
    return until


def away(world: World, mark: str, name: str) -> bool:
    """Whether its files are in quarantine."""
    with Session(read_config(world.scene).vcenters["vc1"]) as session:
        stores = [find([session], each, DATASTORE) for each in ("LocalDS_0", "LocalDS_1")]
        return any(holds(store, f"reflexarc-quarantine/{mark}-{name}") for store in stores)


def steps(world: World, verb: str, name: str) -> list[dict[str, Any]]:
    """What the audit has heard of that."""
    return [
        {"kind": kind, **data}
        for kind, _, data in world.audit()
        if data.get("command", {}).get("verb") == verb and (data.get("entity") or {}).get("name") == name
    ]


def test_what_is_not_wanted_any_longer_is_powered_off_put_away_and_deleted_if_somebody_agrees(world: World) -> None:
    name = "shortlived"
    world.say("spawn", name)
    hears(world, f"VM {name} Created successfully")
    world.say("poweron", name)
    hears(world, f"VM {name} started successfully")

    end(world, name, 3600)
    message = hears(world, f"VM {name} in vc1: its lease ends")
    assert (USER, False) == (message["user"], message["channel"] == CHANNEL)
    before = len(world.heard(USER))
    world.say("lease", name, "12d")
    hears(world, f"VM {name} modified successfully. Its lease ends", after=before)
    assert "poweredOn" == power(world, name)

    end(world, name, 0)
    hears(world, f"VM {name} in vc1: its lease has ended, it is powered off")
    assert "poweredOff" == power(world, name)
    hears(world, f"VM {name} in vc1: its lease has ended, and it is in quarantine")
    assert {} == machine(world, name)
    (mark,) = {each["actionId"] for each in steps(world, "lease-quarantine", name)}
    assert away(world, mark, name)

    parked = hears(world, f"VM {name}: purge waits for the yes of another person")
    world.press(APPROVE, asked(parked), user=BEN)
    hears(world, f"VM {name}: its files in quarantine are deleted for good")
    assert not away(world, mark, name)
    assert 1 == len([each for each in steps(world, "lease", name) if each["kind"] == "command.warned"])
    assert ["remediation.succeeded"] == [
        each["kind"] for each in steps(world, "lease-end", name) if each["kind"] == "remediation.succeeded"
    ]


def test_what_somebody_has_done_away_with_is_kept_for_a_while(world: World) -> None:
    name = "nuked"
    world.say("spawn", name)
    hears(world, f"VM {name} Created successfully")
    world.say("nuke", name, name)
    assert "it is in quarantine until 20" in hears(world, f"VM {name} deleted successfully")["text"]
    parked = hears(world, f"VM {name}: purge waits for the yes of another person")
    before = len(world.heard(USER))
    world.say("approve", asked(parked))
    wait(lambda: len(world.heard(USER)) > before)
    (mark,) = {each["actionId"] for each in steps(world, "nuke", name)}
    assert away(world, mark, name)
    world.press(APPROVE, asked(parked), user=BEN)
    hears(world, f"VM {name}: its files in quarantine are deleted for good")
    assert not away(world, mark, name)


def test_nobody_gets_more_machines_than_the_quota_says_and_those_in_quarantine_do_not_count(world: World) -> None:
    names = [f"many-{number}" for number in range(6)]
    for name in names:
        world.say("spawn", name, user=BEN)
    hears(world, "you have 5 of 5 machines in vc1", BEN)
    for name in names[:5]:
        hears(world, f"VM {name} Created successfully", BEN)
    assert {} == machine(world, names[5])
    world.say("nuke", names[0], names[0], user=BEN)
    hears(world, f"VM {names[0]} deleted successfully", BEN)
    world.say("spawn", names[5], user=BEN)
    hears(world, f"VM {names[5]} Created successfully", BEN)


def test_the_owner_brings_back_what_has_gone_to_quarantine(world: World) -> None:
    name = "missed"
    world.say("spawn", name)
    hears(world, f"VM {name} Created successfully")
    end(world, name, 0)
    hears(world, f"VM {name} in vc1: its lease has ended, and it is in quarantine")
    (mark,) = {each["actionId"] for each in steps(world, "lease-quarantine", name)}
    world.say("undo", mark)
    hears(world, f"VM {name}: what was done is taken back")
    assert machine(world, name)
    assert not away(world, mark, name)


def test_a_new_machine_has_its_owner_s_tag(world: World) -> None:
    """As people see it in the vCenter, under the name that they have here."""
    with closing(TagDesk(read_config(world.scene).vcenters["vc1"])) as tags:
        tags.make_all("owner", ["anna", "ben"])
    world.say("spawn", "tagged")
    hears(world, "VM tagged Created successfully")
    with Session(read_config(world.scene).vcenters["vc1"]) as session:
        made = find([session], "tagged").moref
    wait(lambda: ["anna"] == world.govc("vc1").tags("VirtualMachine", made))
    assert ["reflexarc/owner"] == [each["requester"] for each in steps(world, "owner-tag", "tagged")][:1]
