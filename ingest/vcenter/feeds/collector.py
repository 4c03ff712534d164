"""One EventHistoryCollector of one session, read as bytes.

pyvmomi only writes the requests. It cannot read the answers: one type that it does not know costs it the whole page,
after the server's cursor has moved.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim, vmodl

from clients.vsphere.exchange import post
from clients.vsphere.faults import VcenterAway, attempted, from_name, translated
from ingest.vcenter.decoding.decode import decode_page
from ingest.vcenter.decoding.soap import MAX_BODY, RefusedPage, is_answer
from ingest.vcenter.feeds.feed import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clients.vsphere.session import Session
    from ingest.vcenter.event import VcenterEvent
    from schemas.errors import ReflexarcError

# Twice what the decoder takes: a larger page still comes in to be looked at, in smaller portions.
LIMIT: Final = 2 * MAX_BODY

# The fault's type stands in xsi:type; a vCenter's element is called after it too (NotAuthenticatedFault).
_FAULT: Final = re.compile(rb"<(?:\w+:)?detail>\s*<[^>]*?:type=[\"'](?:\w+:)?(\w+)[\"']")
_SENTENCE: Final = re.compile(rb"<faultstring>([^<]*)<")

Spec = vmodl.query.PropertyCollector


class EventCollector:
    """A cursor in the event log. It lives with its session and moves with every ``read``.

    Args:
        session: logged in.
        begin: events created before it are not wanted; by the vCenter's clock.
        page: size of its ``latestPage``, and most events one ``read`` should ask for.
        event_types: concrete ids of the events wanted, in ``latestPage`` too; every event when there is none.

    Raises:
        SessionLost, Unreachable, Refused, VsphereFault: see ``translated``.
    """

    def __init__(self, session: Session, *, begin: datetime, page: int, event_types: Sequence[str] = ()) -> None:
        self._session = session
        filtered = vim.event.EventFilterSpec(
            time=vim.event.EventFilterSpec.ByTime(beginTime=begin),
            disableFullMessage=False,  # left out, it means true
            eventTypeId=list(event_types) or None,
            maxCount=page,  # SetCollectorPageSize after the first read would freeze the simulator's collectors
        )
        with translated(session.name):
            self._collector = session.content.eventManager.CreateCollectorForEvents(filtered)
            self._latest = self._request(
                session.content.propertyCollector, "RetrievePropertiesEx", [self._latest_page()], Spec.RetrieveOptions()
            )

    def read(self, limit: int) -> list[VcenterEvent]:
        """The events that follow those read before, oldest first; empty at the end of the log.

        Args:
            limit: most events wanted.

        Raises:
            SessionLost: log in again and make a new collector.
            VsphereFault: ``ManagedObjectNotFound`` when the collector is gone, or another fault.
            Unreachable: no answer, or one that is no vCenter's.
            Unreadable: the answer is a damaged page of events, or beyond the decoder's bounds.
        """
        return self.decoded(self.page(limit))

    def page(self, limit: int) -> bytes:
        """The answer that ``read`` decodes, as it comes over the wire.

        Raises:
            SessionLost, VsphereFault, Unreachable: as for ``read``.
        """
        return self._call(self._request(self._collector, "ReadNext", limit))

    def latest(self) -> list[VcenterEvent]:
        """The collector's ``latestPage``, in any order; it moves even when the cursor is stuck."""
        return self.decoded(self._call(self._latest))

    def decoded(self, body: bytes) -> list[VcenterEvent]:
        """The events of an answer.

        Raises:
            Unreadable: it is a damaged page of events, or beyond the decoder's bounds.
            SessionLost, VsphereFault, Unreachable: it is none.
        """
        try:
            return decode_page(body)
        except RefusedPage as refusal:
            if not is_answer(body):
                raise soap_fault(self._session.name, HTTPStatus.OK, body) from refusal
            raise Unreadable(f"vCenter {self._session.name}: {refusal.message}", body) from refusal
        except Exception as error:
            # A page that the decoder stumbles over must not hold up the log behind it.
            raise Unreadable(f"vCenter {self._session.name}: undecodable: {error!r}", body) from error

    def newest_key(self) -> int | None:
        """The greatest key in the collector's ``latestPage``, which moves even when its cursor is stuck."""
        return max((event.key for event in self.decoded(self._call(self._latest))), default=None)

    def close(self) -> None:
        """Free the server's side; a session may hold 32 collectors."""
        with attempted(self._session.name):
            self._collector.DestroyCollector()

    def _request(self, receiver: Any, method: str, *arguments: Any) -> bytes:
        info = type(receiver)._GetMethodInfo(method)  # noqa: SLF001 - what pyvmomi's own methods call
        request: bytes = self._session.stub.SerializeRequest(receiver, info, arguments)
        return request

    def _latest_page(self) -> Any:
        return Spec.FilterSpec(
            objectSet=[Spec.ObjectSpec(obj=self._collector)],
            propSet=[Spec.PropertySpec(type=vim.event.EventHistoryCollector, pathSet=["latestPage"])],
        )

    def _call(self, request: bytes) -> bytes:
        with translated(self._session.name):
            status, body = post(self._session.stub, request, limit=LIMIT)
        if status != HTTPStatus.OK:
            raise soap_fault(self._session.name, status, body)
        return body


def soap_fault(vcenter: str, status: int, body: bytes) -> ReflexarcError:
    """The error in a SOAP answer; ``VcenterAway`` when it holds no fault, as from a proxy."""
    fault = _FAULT.search(body)
    if fault is None:
        return VcenterAway(vcenter, f"answers HTTP {status:d}, but not as a vCenter does")
    sentence = _SENTENCE.search(body)
    return from_name(vcenter, fault[1].decode(), sentence[1].decode(errors="replace").strip() if sentence else "")
