"""Sizes that a machine does not get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.errors import Reject
from sinks.vsphere.actions.resize import Resize
from sinks.vsphere.parameters.resize import ResizeParameters
from tests.sinks.vsphere.acting import about
from tests.support.machine import finish, power_off, reconfigure
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack


def plan(machine: Target, **fields: Any) -> Plan:
    return Resize(ResizeParameters.model_validate(fields)).plan(machine, about(machine))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"cpus": 5}, "5 CPUs are asked for, and max_cpus is 4"),
        ({"memory": "16GiB"}, "16384 MB are asked for, and max_memory is 8192 MB"),
        ({"cpus": 1}, "it has 2 CPUs, and never shrinks to 1"),
        ({"memory": "512MiB"}, "it has 1024 MB, and never shrinks to 512"),
        ({"cpus": 5, "memory": "512MiB"}, "max_cpus is 4; it has 1024 MB, and never shrinks"),
    ],
    ids=str,
)
def test_what_is_too_much_or_too_little_is_refused_and_never_made_fit(
    machine: Target, fields: dict[str, Any], reason: str
) -> None:
    reconfigure(machine, numCPUs=2)
    with pytest.raises(Reject, match=f"is not resized: .*{reason}"):
        plan(machine, **fields)


@pytest.mark.parametrize("cpus", [0, -1, 1.5, True])
def test_what_is_no_number_of_cpus_is_refused(cpus: Any) -> None:
    with pytest.raises(ValidationError, match="cpus"):
        ResizeParameters.model_validate({"cpus": cpus})


def test_something_must_be_said() -> None:
    with pytest.raises(ValidationError, match="say one of them"):
        ResizeParameters.model_validate({})


def test_what_is_not_said_stays(machine: Target) -> None:
    assert ("resize from 1 to 2 CPUs",) == plan(machine, cpus=2).changes
    assert ("resize from 1024 to 2048 MB",) == plan(machine, memory="2GiB").changes


def test_a_machine_that_runs_without_hot_add_is_powered_off_first(machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, cpuHotAddEnabled=False, memoryHotAddEnabled=False)
    assert plan(machine, cpus=2, memory="2GiB").changes
    finish(machine.session, machine.reference.PowerOnVM_Task())
    with pytest.raises(Reject, match="takes no CPUs then; it runs, and takes no memory then: power it off first"):
        plan(machine, cpus=2, memory="2GiB")


def test_memory_of_a_machine_that_runs_grows_in_steps_up_to_a_limit(
    machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"config.hotPlugMemoryIncrementSize": 128, "config.hotPlugMemoryLimit": 2048}
    tell(monkeypatch, {machine.moref: told})
    with pytest.raises(Reject, match="in steps of 128 MB then"):
        plan(machine, memory="1028MiB")
    with pytest.raises(Reject, match="no more than 2048 MB then"):
        plan(machine, memory="4GiB")
    assert plan(machine, memory="2GiB", cpus=1).changes


def test_cpus_come_in_whole_sockets(machine: Target) -> None:
    power_off(machine)
    reconfigure(machine, numCPUs=2, numCoresPerSocket=2)
    with pytest.raises(Reject, match="3 CPUs do not fill sockets of 2"):
        plan(machine, cpus=3)


def test_one_that_is_suspended_is_left_alone(machine: Target) -> None:
    finish(machine.session, machine.reference.SuspendVM_Task())
    with pytest.raises(Reject, match="it is suspended"):
        plan(machine, cpus=2)
