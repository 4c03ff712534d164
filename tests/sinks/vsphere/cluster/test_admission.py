"""Whether a cluster can spare a host, by the numbers of vSphere HA; the simulators have none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from sinks.vsphere.cluster.admission import free_without, objection
from sinks.vsphere.cluster.hosts import Host

das = vim.cluster


def host(cpu: int = 1000, memory: int = 1000) -> Host:
    return Host(None, "h", ready=True, sees=frozenset(), memory=memory, free=0, cpu=cpu, in_maintenance=False)


def resources(cpu: int, memory: int, kept: int) -> tuple[Any, Any]:
    policy = das.FailoverResourcesAdmissionControlPolicy(
        cpuFailoverResourcesPercent=kept, memoryFailoverResourcesPercent=kept
    )
    info = das.FailoverResourcesAdmissionControlInfo(
        currentCpuFailoverResourcesPercent=cpu, currentMemoryFailoverResourcesPercent=memory
    )
    return policy, info


@pytest.mark.parametrize(("level", "current", "spared"), [(1, 2, True), (1, 1, False), (2, 2, False), (0, 1, True)])
def test_a_cluster_that_survives_failing_hosts_must_still_do_so(level: int, current: int, *, spared: bool) -> None:
    policy = das.FailoverLevelAdmissionControlPolicy(failoverLevel=level)
    info = das.FailoverLevelAdmissionControlInfo(currentFailoverLevel=current)
    found = objection(policy, info, host(), [host()])
    assert spared == (found is None)
    assert spared or f"survives {current} with all its hosts" in str(found)


@pytest.mark.parametrize(
    ("cpu", "memory", "kept", "word"),
    [(75, 75, 25, None), (60, 75, 25, "CPU"), (75, 60, 25, "memory"), (40, 75, 0, "CPU"), (50, 50, 0, None)],
)
def test_of_two_equal_hosts_one_carries_what_both_have_carried(
    cpu: int, memory: int, kept: int, word: str | None
) -> None:
    found = objection(*resources(cpu, memory, kept), host(), [host()])
    assert (word is None) == (found is None)
    assert word is None or word in str(found)


def test_nothing_is_left_where_nobody_stays() -> None:
    assert "0 % would" in str(objection(*resources(100, 100, 1), host(), []))


@pytest.mark.parametrize("policy", [None, das.FailoverHostAdmissionControlPolicy()])
def test_what_is_not_known_is_no_objection(policy: Any) -> None:
    assert None is objection(policy, None, host(), [host()])


def test_numbers_that_are_missing_are_no_objection() -> None:
    policies = (das.FailoverLevelAdmissionControlPolicy(failoverLevel=1), resources(1, 1, 50)[0])
    assert [None, None] == [objection(policy, None, host(), [host()]) for policy in policies]


@given(st.integers(0, 100), st.integers(1, 1000), st.integers(1, 1000))
def test_what_is_used_stays_the_same(percent: int, own: int, rest: int) -> None:
    left = free_without(percent, own, rest)
    assert pytest.approx((own + rest) * (100 - percent), abs=1e-6) == rest * (100 - left)
