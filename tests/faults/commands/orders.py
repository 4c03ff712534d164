"""What is asked for in an experiment: one command for one machine, and the event by which its vCenter tells of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from clients.vsphere.session import Session
from clients.vsphere.target import find
from ops.demo.scene import read_config
from tests.faults.commands.world import COMMANDS, FOLDER
from tests.support.chat import BOT, CHANNEL, USER
from tests.support.machine import finish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.faults.commands.world import World

VCENTERS: Final = ("vc1", "vc2")
CHANNELS: Final = (CHANNEL, "C0002ABCD", "C0003ABCD")
OPTIONS: Final = tuple(word for channel in CHANNELS for word in ("--channel", f"{channel}={USER},{BOT}"))
"""For the stand-in for Slack: whoever asks, and the bot, are in every channel."""

TOLD_BY: Final = {
    "poweron": "VmPoweredOnEvent",
    "poweroff": "VmPoweredOffEvent",
    "hardreset": "VmPoweredOffEvent",
    "transform": "VmReconfiguredEvent",
    "spawn": "VmCreatedEvent",
    "nuke": "VmRemovedEvent",
}
"""The event of a vCenter that tells of the effect of each verb, once for each time."""

OFF_BEFORE: Final = ("poweron", "transform", "nuke")
"""Verbs for machines that do not run."""

SECTION: Final[dict[str, Any]] = {
    "grants": [{"to": ["users"], "verbs": list(TOLD_BY), "machines": "any"}],
    "verbs": {verb: {"approval": "never"} for verb in ("poweroff", "hardreset", "nuke")},
    "quota": 1000,
    "presets": {
        "small": COMMANDS["presets"]["small"],
        "other": {"vcenter": "vc2", "cluster": "DC0_C0", "folder": FOLDER},
    },
}
"""The section ``commands``: whoever asks may, and nobody has to agree."""

_NAMED: Final = re.compile(r"\b(?:DC0_C0_RP0_VM|new-)[0-9]+\b")


class Command(NamedTuple):
    """One command; no other one is about its machine.

    Attributes:
        verb: what.
        vcenter: where.
        machine: a name that one vCenter alone has in this experiment.
        channel: where it is given.
    """

    verb: str
    vcenter: str
    machine: str
    channel: str

    @property
    def words(self) -> tuple[str, ...]:
        """As it is typed."""
        there = f"{self.vcenter}:{self.machine}"
        match self.verb:
            case "spawn":
                return "spawn", self.machine, "small" if self.vcenter == "vc1" else "other"
            case "transform":
                return "transform", there, "256", "2"
            case "nuke":
                return "nuke", there, there
            case verb:
                return verb, there


def commands(count: int) -> list[Command]:
    """So many, of every verb, in both vCenters, from every channel."""
    verbs = tuple(TOLD_BY)
    return [
        Command(
            verbs[number % len(verbs)],
            VCENTERS[number // len(verbs) % 2],
            f"{'new-' if verbs[number % len(verbs)] == 'spawn' else 'DC0_C0_RP0_VM'}{number}",
            CHANNELS[number % 7 % 3],
        )
        for number in range(count)
    ]


def prepare(world: World, given: Iterable[Command]) -> None:
    """Power off the machines of those commands that are for such."""
    for vcenter in VCENTERS:
        with Session(read_config(world.scene).vcenters[vcenter]) as session:
            names = [each.machine for each in given if each.verb in OFF_BEFORE and each.vcenter == vcenter]
            begun = [find([session], name).reference.PowerOffVM_Task() for name in names]
            for task in begun:
                finish(session, task)


def told(world: World) -> Counter[tuple[str, str, str]]:
    """How often each vCenter tells of each kind of event about each machine."""
    return Counter(
        (vcenter, kind, name)
        for vcenter in VCENTERS
        for kind in set(TOLD_BY.values())
        for name in _NAMED.findall(" ".join(world.govc(vcenter).messages(kind)))
    )


def effects(world: World, given: Iterable[Command], before: Counter[tuple[str, str, str]]) -> Counter[Command]:
    """How often the vCenter says that what each command asks for has happened, beyond what it told before."""
    since = told(world)
    since.subtract(before)
    return Counter({each: since[each.vcenter, TOLD_BY[each.verb], each.machine] for each in given})


def about(message: Mapping[str, Any]) -> str:
    """The machine that a message in Slack speaks of; empty when it speaks of none."""
    found = _NAMED.search(orjson.dumps([message["text"], message["blocks"]]).decode().replace("\\n", " "))
    return found[0] if found else ""
