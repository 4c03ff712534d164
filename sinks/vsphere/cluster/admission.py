"""Whether a cluster that keeps capacity for failing hosts can spare one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyVmomi import vim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sinks.vsphere.cluster.hosts import Host

_PERCENT = 100


def objection(policy: Any, info: Any, host: Host, others: Iterable[Host]) -> str | None:
    """Why vSphere HA's admission control speaks against the host's leaving; None when nothing is known against it.

    Args:
        policy: ``dasConfig.admissionControlPolicy`` of the cluster.
        info: ``summary.admissionControlInfo`` of it.
        host: what would leave.
        others: the hosts that stay and are ready.
    """
    das = vim.cluster
    if isinstance(policy, das.FailoverLevelAdmissionControlPolicy):
        current = getattr(info, "currentFailoverLevel", None)
        if current is not None and current - 1 < policy.failoverLevel:
            return f"it must survive {policy.failoverLevel} failing hosts, and survives {current} with all its hosts"
    if isinstance(policy, das.FailoverResourcesAdmissionControlPolicy):
        staying = list(others)
        for what, free, kept, own, rest in (
            (
                "CPU",
                getattr(info, "currentCpuFailoverResourcesPercent", None),
                policy.cpuFailoverResourcesPercent,
                host.cpu,
                sum(each.cpu for each in staying),
            ),
            (
                "memory",
                getattr(info, "currentMemoryFailoverResourcesPercent", None),
                policy.memoryFailoverResourcesPercent,
                host.memory,
                sum(each.memory for each in staying),
            ),
        ):
            if free is not None and (left := free_without(free, own, rest)) < kept:
                return f"{kept} % of its {what} must stay free, and {max(0, left):.0f} % would"
    return None


def free_without(percent: float, own: float, rest: float) -> float:
    """Percent of ``rest`` that is free when what uses the whole, ``percent`` of which is free, moves into it.

    Below zero it does not fit; -100 when there is no rest.
    """
    if rest <= 0:
        return -_PERCENT
    reserved = (own + rest) * (_PERCENT - percent) / _PERCENT
    return (rest - reserved) * _PERCENT / rest
