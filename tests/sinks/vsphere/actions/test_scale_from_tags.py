"""Sizes that tags say."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import Reject
from sinks.vsphere.actions.scale_from_tags import ScaleFromTags
from sinks.vsphere.parameters.scale_from_tags import ScaleFromTagsParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import value
from tests.sinks.vsphere.actions.preparing import sizes
from tests.support.inventory import TagDesk
from tests.support.machine import power_off, power_on, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack


@pytest.fixture
def off(machine: Target) -> Target:
    power_off(machine)
    return machine


def plan(machine: Target, **parameters: Any) -> Plan:
    return ScaleFromTags(ScaleFromTagsParameters(**parameters)).plan(machine, about(machine))


def test_nothing_shrinks(off: Target) -> None:
    reconfigure(off, numCPUs=4, memoryMB=8192)
    sizes(off, numCPU="2", memoryMB="4096")
    assert () == plan(off).changes


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"numCPU": "8"}, "its tag says 8 CPUs, and no more than 4"),
        ({"memoryMB": "16384"}, "its tag says 16384 MB, and no more than 8192"),
        ({"numCPU": "3", "numCoresPerSocket": "2"}, "3 CPUs do not fill sockets of 2"),
    ],
)
def test_what_is_too_much_or_does_not_fit_is_refused(off: Target, tags: dict[str, str], reason: str) -> None:
    sizes(off, **tags)
    with pytest.raises(Reject, match=reason):
        plan(off)


def test_two_tags_of_one_category_say_nothing(off: Target) -> None:
    sizes(off, numCPU="2")
    sizes(off, numCPU="3")
    with pytest.raises(Reject, match=r"several tags of config\.hardware\.numCPU: leave one"):
        plan(off)


def test_other_tags_of_those_categories_say_nothing(off: Target) -> None:
    with closing(TagDesk(off.session.config)) as desk:
        desk.tie("attach", desk.make(f"other-{off.name}", "2"), off.reference)
    assert () == plan(off).changes


def test_a_machine_that_runs_again_waits_for_its_next_power_off(off: Target) -> None:
    sizes(off, numCPU="2")
    power_on(off)
    with pytest.raises(Reject, match="is not powered off"):
        plan(off)


async def test_cores_per_socket_go_both_ways(vcenters: dict[str, VcenterConfig], off: Target, govc: Govc) -> None:
    reconfigure(off, numCPUs=4, numCoresPerSocket=4)
    sizes(off, numCoresPerSocket="2")
    async with opened(vcenters, action="scale-from-tags") as sink:
        await sink.send(about(off))
    hardware = value(govc, off, "config.hardware")
    assert (4, 2) == (hardware["numCPU"], hardware["numCoresPerSocket"])
