from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vmodl
from pyVmomi.SoapAdapter import SoapStubAdapter

from clients.vsphere import properties
from schemas.errors import Reject
from sinks.vsphere.actions.scale import Scale
from sinks.vsphere.machine.hotadd import LIMIT, STEP
from sinks.vsphere.parameters.scale import ScaleParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import size, value
from tests.sinks.vsphere.actions.preparing import sizes
from tests.support.machine import finish, power_off, power_on, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


def plan(machine: Target, **parameters: Any) -> Plan:
    return Scale(ScaleParameters(**parameters)).plan(machine, about(machine))


async def test_each_event_adds_as_much_until_the_cap_is_reached(vcenters: Known, machine: Target, govc: Govc) -> None:
    seen = []
    async with opened(vcenters, action="scale") as sink:
        for _ in range(4):
            given = about(machine)
            await sink.send(given)
            seen.append(size(govc, machine, given))
        with pytest.raises(Reject, match=r"at its limit: 4 CPUs in sockets of 1, and max_cpus is 4; 8192 MB"):
            await sink.send(about(machine))
    assert [(2, 3072), (3, 5120), (4, 7168), (4, 8192)] == seen


async def test_the_event_that_made_it_reach_the_cap_is_done_with(vcenters: Known, machine: Target, govc: Govc) -> None:
    given = about(machine)
    async with opened(vcenters, action="scale", parameters={"max_cpus": 2, "max_memory": "2GiB"}) as sink:
        await sink.send(given)
        await sink.send(given)
    assert (2, 2048) == size(govc, machine, given)


async def test_an_earlier_event_adds_nothing_after_a_later_one(vcenters: Known, machine: Target, govc: Govc) -> None:
    earlier = about(machine, datetime.now(UTC) - timedelta(minutes=5))
    async with opened(vcenters, action="scale") as sink:
        await sink.send(about(machine))
        await sink.send(earlier)
    assert (2, 3072) == size(govc, machine, earlier)


async def test_cpus_and_memory_are_counted_apart(vcenters: Known, machine: Target, govc: Govc) -> None:
    given = about(machine)
    async with opened(vcenters, action="scale", parameters={"add_memory": 0}) as sink:
        await sink.send(given)
    async with opened(vcenters, action="scale", parameters={"add_cpus": 0}) as sink:
        await sink.send(given)
    assert (2, 3072) == size(govc, machine, given)


async def test_the_machine_tells_for_which_event_it_was_enlarged(vcenters: Known, machine: Target, govc: Govc) -> None:
    given = about(machine)
    async with opened(vcenters, action="scale") as sink:
        await sink.send(given)
    written = {each["key"]: each["value"] for each in value(govc, machine, "config.extraConfig")}
    written = {key: text["_value"] if isinstance(text, dict) else text for key, text in written.items()}
    assert f"{given.time} {given.id}" == written["reflexarc.scale.cpus"]


@pytest.mark.parametrize("cpus", [4, 8])
async def test_a_machine_above_the_cap_never_shrinks(vcenters: Known, machine: Target, govc: Govc, cpus: int) -> None:
    reconfigure(machine, numCPUs=cpus, memoryMB=16384)
    given = about(machine)
    async with opened(vcenters, action="scale") as sink:
        with pytest.raises(Reject, match="at its limit"):
            await sink.send(given)
    assert (cpus, 16384) == size(govc, machine, given)


@pytest.mark.parametrize(
    ("switched_off", "reason"),
    [
        ("cpuHotAddEnabled", "takes no CPUs then.*add_cpus: 0"),
        ("memoryHotAddEnabled", "takes no memory.*add_memory: 0"),
    ],
)
def test_a_machine_that_runs_grows_only_by_what_it_takes_then(machine: Target, switched_off: str, reason: str) -> None:
    reconfigure(machine, **{switched_off: False})
    with pytest.raises(Reject, match=reason):
        plan(machine)


def test_what_is_left_alone_needs_no_hot_add(machine: Target) -> None:
    reconfigure(machine, cpuHotAddEnabled=False)
    assert ("scale from 1024 to 3072 MB",) == plan(machine, add_cpus=0).changes


def test_a_machine_that_is_off_needs_no_hot_add(machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, cpuHotAddEnabled=False, memoryHotAddEnabled=False)
    assert ("scale from 1 to 2 CPUs", "scale from 1024 to 3072 MB") == plan(machine).changes


def test_a_suspended_machine_is_rejected(machine: Target) -> None:
    finish(machine.session, machine.reference.SuspendVM_Task())
    with pytest.raises(Reject, match="is suspended"):
        plan(machine)


def test_cpus_are_added_by_whole_sockets(machine: Target) -> None:
    reconfigure(machine, numCPUs=2, numCoresPerSocket=2)
    assert ("scale from 2 to 4 CPUs",) == plan(machine, add_memory=0).changes


def test_the_change_is_bound_to_the_state_that_was_read(machine: Target) -> None:
    version = "config.changeVersion"
    expected = properties.read(machine.session, machine.reference, [version])[version]
    assert expected == plan(machine).spec.changeVersion


@pytest.mark.parametrize(
    ("limit", "step", "expected"),
    [(3072, 128, "3072"), (2000, 128, "1920"), (8192, 4096, "5120"), (65536, 512, "3072")],
)
def test_memory_is_added_by_the_machines_own_steps_up_to_its_own_limit(
    machine: Target, monkeypatch: pytest.MonkeyPatch, limit: int, step: int, expected: str
) -> None:
    tell(monkeypatch, {LIMIT: limit, STEP: step})
    assert (f"scale from 1024 to {expected} MB",) == plan(machine, add_cpus=0).changes


def test_a_limit_of_the_running_machine_is_named_with_its_cure(
    machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {LIMIT: 1024, STEP: 128})
    with pytest.raises(Reject, match="no more than 1024 MB until it is powered off"):
        plan(machine, add_cpus=0)


GROWN = {"numCPUs": {"from": 1, "to": 2}, "memoryMB": {"from": 1024, "to": 3072}}


def undo(machine: Target) -> Plan:
    return Scale(ScaleParameters()).undo(machine, GROWN, about(machine))


def test_a_machine_that_runs_gives_nothing_back(machine: Target) -> None:
    reconfigure(machine, numCPUs=2, memoryMB=3072)
    with pytest.raises(Reject, match="only when it is powered off"):
        undo(machine)


def test_a_size_that_somebody_has_changed_since_stays(machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, numCPUs=4, memoryMB=3072)
    found = undo(machine)
    assert ("scale back from 3072 to 1024 MB",) == found.changes
    assert ("somebody has made it 4 CPUs since",) == found.left
    assert not found.spec.numCPUs


def test_where_all_sizes_are_others_nothing_is_given_back(machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, numCPUs=4, memoryMB=4096)
    with pytest.raises(Reject, match="made it 4 CPUs since, somebody has made it 4096 MB since: it stays so"):
        undo(machine)


def cold(machine: Target) -> None:
    """Without hot-add; the categories of sizes are there."""
    reconfigure(machine, cpuHotAddEnabled=False, memoryHotAddEnabled=False)
    sizes(machine)


async def test_a_machine_without_hot_add_is_tagged_and_grows_at_its_next_power_off(
    vcenters: Known, machine: Target, govc: Govc
) -> None:
    cold(machine)
    first, later = about(machine), {"when": "next-power-off"}
    async with opened(vcenters, action="scale", parameters=later) as sink:
        await sink.send(first)
        await sink.send(first)
        assert ((1, 1024), ["2", "4096"]) == (size(govc, machine, first), govc.tags("VirtualMachine", machine.moref))
        power_off(machine)
        async with opened(vcenters, action="scale-from-tags") as powered_off:
            await powered_off.send(about(machine))
        power_on(machine)
        await sink.send(first)
    assert ((2, 4096), ["2", "4096"]) == (size(govc, machine, first), govc.tags("VirtualMachine", machine.moref))


def test_a_machine_that_can_grow_now_is_not_tagged(machine: Target) -> None:
    sizes(machine)
    assert ("scale from 1 to 2 CPUs", "scale from 1024 to 3072 MB") == plan(machine, when="next-power-off").changes


def test_the_tags_that_there_are_decide_how_far_it_grows(machine: Target) -> None:
    cold(machine)
    found = plan(machine, when="next-power-off", max_memory=3 * 2**30)
    assert ("attach 2 for its next power-off", "attach 2048 for its next power-off") == found.changes


def test_without_a_tag_in_reach_the_one_to_be_made_is_named(machine: Target) -> None:
    cold(machine)
    reconfigure(machine, numCPUs=4)
    with pytest.raises(Reject, match="has no tag between 5 and 6: make 5 there"):
        plan(machine, when="next-power-off", max_cpus=6, add_memory=0)


def test_what_was_tagged_is_untagged_by_an_undo(machine: Target, govc: Govc) -> None:
    cold(machine)
    action = Scale(ScaleParameters(when="next-power-off"))
    tagged = action.plan(machine, about(machine))
    action.start(tagged)
    back = action.undo(machine, tagged.before, about(machine))
    assert ("detach 4096", "detach 2") == back.changes
    action.start(back)
    assert [] == govc.tags("VirtualMachine", machine.moref)


def tell(monkeypatch: pytest.MonkeyPatch, values: dict[str, int]) -> None:
    """Complete the simulator's answers: it knows no limits of memory."""
    original = SoapStubAdapter.InvokeMethod

    def invoke(stub: Any, mo: Any, info: Any, *rest: Any) -> Any:
        answer = original(stub, mo, info, *rest)
        if info.wsdlName == "RetrievePropertiesEx":
            for found in answer.objects:
                found.propSet += [vmodl.DynamicProperty(name=path, val=number) for path, number in values.items()]
        return answer

    monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
