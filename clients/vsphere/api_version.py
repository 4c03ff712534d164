"""Which version of the vSphere API to speak: the newest that both pyvmomi and the server know.

pyvmomi's own negotiation (``SmartConnect``) has no time-out, so the few lines are here.
"""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from lxml import etree
from pyVmomi.VmomiSupport import GetServiceVersions, versionIdMap

from clients.vsphere.exchange import get

if TYPE_CHECKING:
    from collections.abc import Iterable

# The document of a vCenter 8 has 3 kB.
LIMIT = 1 << 20


def offered(document: bytes) -> set[str]:
    """The version ids in a ``vimServiceVersions.xml``, current and prior; empty when it is something else."""
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return set()
    return {text.strip() for element in root.iter("version") if (text := element.text)}


def newest_common(ids: Iterable[str]) -> str | None:
    """The newest pyvmomi version, such as ``vim.version.v8_0_2_0``, whose id is among ``ids``."""
    known = set(ids)
    return next((str(v) for v in GetServiceVersions("vim25") if versionIdMap[v] in known), None)


def negotiate(stub: Any) -> None:
    """Lift a fresh stub to the newest common version, over its own connection and within its time-outs.

    Raises:
        HTTPException: the server is no vCenter, or knows no common version.
        OSError: it does not answer.
    """
    status, document = get(stub, f"{stub.path}/vimServiceVersions.xml", limit=LIMIT)
    version = newest_common(offered(document)) if status == HTTPStatus.OK else None
    if version is None:
        raise HTTPException(f"no vCenter there: no common API version (HTTP {status})")
    stub.ComputeVersionInfo(version)
