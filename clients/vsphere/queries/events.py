"""What has happened to one object lately.

pyvmomi gives up a whole page for one event that it does not know: here the few fields are taken from the answer itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from pyVmomi import vim, vmodl

from clients.vsphere.exchange import post
from clients.vsphere.faults import VcenterAway, attempted, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target

MOST: Final = 20
"""Events of one answer."""

LONGEST: Final = 1_000
"""Characters of a message."""

LARGEST: Final = 8 * 2**20
"""Bytes of the answer."""

_VIM: Final = "{urn:vim25}"
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"

Spec = vmodl.query.PropertyCollector


@dataclass(frozen=True, slots=True)
class Happened:
    """One event.

    Attributes:
        time: as the vCenter writes it, RFC 3339.
        type: its class, or its event type id where it has one.
        user: who has done it; empty when nobody has.
        message: in the vCenter's words, one line.
    """

    time: str
    type: str
    user: str
    message: str


def events(target: Target, most: int = MOST) -> tuple[Happened, ...]:
    """The last events of an object itself, the latest first.

    Args:
        target: the object.
        most: how many, up to ``MOST``.

    Raises:
        SessionLost, Unreachable, VsphereFault, Refused: they cannot be read.
    """
    session = target.session
    own = vim.event.EventFilterSpec.ByEntity(entity=target.reference, recursion="self")
    with translated(session.name):
        collector = session.content.eventManager.CreateCollectorForEvents(
            vim.event.EventFilterSpec(entity=own, disableFullMessage=False)
        )
    try:
        with translated(session.name):
            collector.SetCollectorPageSize(MOST)
        found = sorted(_page(session, collector), key=lambda pair: pair[0], reverse=True)
    finally:
        with attempted(session.name):
            collector.DestroyCollector()
    return tuple(each for _, each in found[: min(most, MOST)])


def _page(session: Session, collector: Any) -> Iterator[tuple[int, Happened]]:
    """The collector's newest page, in any order, with the keys of the events."""
    leaves = Spec.PropertySpec(type=vim.event.EventHistoryCollector, all=False, pathSet=["latestPage"])
    wanted = Spec.FilterSpec(objectSet=[Spec.ObjectSpec(obj=collector)], propSet=[leaves])
    properties = session.content.propertyCollector
    info = type(properties)._GetMethodInfo("RetrievePropertiesEx")  # noqa: SLF001 - what pyvmomi's own methods call
    request = session.stub.SerializeRequest(properties, info, ([wanted], Spec.RetrieveOptions()))
    with translated(session.name):
        status, body = post(session.stub, request, limit=LARGEST)
    if status != HTTPStatus.OK:
        raise VcenterAway(session.name, f"does not say what has happened: HTTP {status}")
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise VcenterAway(session.name, f"does not say what has happened: {error.msg}") from error
    for element in root.iter(f"{_VIM}Event"):
        key = _text(element, "key")
        yield int(key) if key.lstrip("-").isdecimal() else 0, _happened(element)


def _happened(element: _Element) -> Happened:
    kind = (element.get(_TYPE) or "").rpartition(":")[2]
    return Happened(
        time=_text(element, "createdTime"),
        type=_text(element, "eventTypeId") or kind,
        user=_text(element, "userName"),
        message=" ".join(_text(element, "fullFormattedMessage").split())[:LONGEST],
    )


def _text(element: _Element, name: str) -> str:
    return element.findtext(f"{_VIM}{name}") or ""
