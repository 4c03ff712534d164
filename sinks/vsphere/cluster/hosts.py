"""The hosts of a cluster, and which of them could take a machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clients.vsphere import properties
from clients.vsphere.properties import read_each
from clients.vsphere.target import moref, shown_name
from schemas.errors import Retry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.vsphere.session import Session

MEBIBYTE: Final = 2**20

_PATHS: Final = (
    "datastore",
    "name",
    "network",
    "runtime.connectionState",
    "runtime.inMaintenanceMode",
    "runtime.inQuarantineMode",
    "runtime.powerState",
    "summary.hardware.cpuMhz",
    "summary.hardware.memorySize",
    "summary.hardware.numCpuCores",
    "summary.quickStats.overallMemoryUsage",
)


@dataclass(frozen=True, slots=True)
class Host:
    """One host.

    Attributes:
        reference: the host.
        name: as people write it.
        ready: whether it runs, is connected, and is neither in maintenance nor in quarantine.
        sees: morefs of its datastores and networks.
        memory: MB of it.
        free: MB of it that nobody uses.
        cpu: MHz of all cores.
        in_maintenance: whether it is in maintenance mode.
    """

    reference: Any
    name: str
    ready: bool
    sees: frozenset[str]
    memory: int
    free: int
    cpu: int
    in_maintenance: bool


def beside(session: Session, host: Any) -> dict[str, Host]:
    """All hosts of a host's cluster, itself among them, by moref; costs three calls.

    Raises:
        Retry: the vCenter does not tell what the host belongs to, or not of all hosts there.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    parent = properties.read(session, host, ["parent"]).get("parent")
    found = () if parent is None else properties.read(session, parent, ["host"]).get("host", ())
    known = read(session, found)
    if {moref(host), *map(moref, found)} - known.keys():
        raise Retry(
            f"vCenter {session.name} does not tell which hosts are beside {moref(host)}: may we see its cluster?"
        )
    return known


def read(session: Session, hosts: Sequence[Any]) -> dict[str, Host]:
    """Some hosts, by moref; those that cannot be seen are absent. Costs a call; errors as for ``properties.read``."""
    return {moref(row.reference): _host(row.reference, row.values) for row in read_each(session, list(hosts), _PATHS)}


def _host(reference: Any, values: dict[str, Any]) -> Host:
    memory = int(values.get("summary.hardware.memorySize") or 0) // MEBIBYTE
    return Host(
        reference,
        shown_name(values.get("name", "")),
        ready=(
            values.get("runtime.connectionState") == "connected"
            and values.get("runtime.powerState") == "poweredOn"
            and not values.get("runtime.inMaintenanceMode")
            and not values.get("runtime.inQuarantineMode")
        ),
        sees=frozenset(moref(each) for each in (*values.get("datastore", ()), *values.get("network", ()))),
        memory=memory,
        cpu=int(values.get("summary.hardware.cpuMhz") or 0) * int(values.get("summary.hardware.numCpuCores") or 0),
        in_maintenance=bool(values.get("runtime.inMaintenanceMode")),
        free=memory - int(values.get("summary.quickStats.overallMemoryUsage") or 0),
    )
