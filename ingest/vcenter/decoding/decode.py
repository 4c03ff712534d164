"""A page of vCenter events: SOAP bytes → events with their JSON bodies.

pyvmomi's deserialiser would lose the whole page, which the vCenter does not send again, on one class, property,
enumeration value or reference that it does not know; and it is five times slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import orjson
from lxml import etree

from ingest.vcenter.decoding import registry, soap
from ingest.vcenter.decoding.identity import Identity, class_name
from ingest.vcenter.decoding.learner import Learner
from ingest.vcenter.decoding.naming import CAMEL, PASCAL
from ingest.vcenter.decoding.reader import Reader
from ingest.vcenter.decoding.shapes import Shapes
from ingest.vcenter.decoding.spans import cut
from ingest.vcenter.decoding.unknowns import UNKNOWNS
from ingest.vcenter.event import VcenterEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from ingest.vcenter.decoding.naming import Naming, Spelling
    from ingest.vcenter.decoding.plan import Plan
    from ingest.vcenter.decoding.spans import Spans
    from ingest.vcenter.decoding.unknowns import Unknowns


class Decoder:
    """Decodes pages in one naming; what is unknown to it goes into ``unknowns``. Threads may share one."""

    def __init__(self, naming: Naming, unknowns: Unknowns) -> None:
        self._reader = Reader(naming, unknowns)
        self._identity = Identity(naming)
        self._shapes = Shapes(Learner(naming).learn)

    def page(self, body: bytes) -> list[VcenterEvent]:
        """See ``decode_page``."""
        soap.check(body)
        spans = cut(body)
        return (spans and self._filled(spans)) or self.walked(body)

    def walked(self, body: bytes) -> list[VcenterEvent]:
        """The same without shapes: what every page would give if it were parsed as a whole."""
        return [self._event(element) for element in soap.events(body)]

    def _filled(self, spans: Spans) -> list[VcenterEvent] | None:
        """The events of a page, those of unknown shape parsed together; None if they do not parse."""
        read = self._shapes.event
        found = [read(span) for span in spans.events]
        missing = [number for number, event in enumerate(found) if event is None]
        if missing:
            page = spans.only(missing)
            try:
                elements = soap.events(page) if page else []
            except soap.RefusedPage:
                return None
            if len(elements) != len(missing):
                return None
            for number, element in zip(missing, elements, strict=True):
                found[number] = self._event(element)
        return cast("list[VcenterEvent]", found)

    def _event(self, element: _Element) -> VcenterEvent:
        cls = class_name(element)
        plan = self._plan(cls)
        body = plan.walk(element)
        if not isinstance(body, dict):  # a text in place of an event
            body = plan.absent()
        identity = self._identity
        key, chain_id = identity.numbers(body)
        name, eventclass = identity.name(cls, body)
        return VcenterEvent(
            key=key,
            chain_id=chain_id,
            name=name,
            eventclass=eventclass,
            created_time=identity.created_time(body),
            entity=identity.entity(body),
            data=orjson.dumps(body),
            markup=None if identity.has_key(element, body) else _markup(element),
        )

    def _plan(self, cls: str) -> Plan:
        found = registry.find(cls)
        if found is None or not issubclass(found, registry.Event):
            self._reader.unknowns.count("event", cls)
            found = registry.Event
        return self._reader.plan(found)


def _markup(element: _Element) -> bytes:
    markup: bytes = etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False)
    return markup


_DECODERS: Final[Mapping[Spelling, Decoder]] = {
    "pascal": Decoder(PASCAL, UNKNOWNS),
    "camel": Decoder(CAMEL, UNKNOWNS),
}


def decode_page(body: bytes, *, naming: Spelling = "pascal") -> list[VcenterEvent]:
    """The events of a page, in its order.

    Args:
        body: answer of ReadNextEvents, ReadPreviousEvents or RetrievePropertiesEx with ``latestPage``.
        naming: ``pascal`` is what the VMware event router sends, ``camel`` what govmomi makes since 0.31.

    What is unknown in an event is decoded by its shape and counted in ``ingest.vcenter.decoding.unknowns.UNKNOWNS``.
    An event whose key cannot be read is there, too, with its ``markup``.

    Raises:
        RefusedPage: the body as a whole is no page of events, or is beyond a bound.
    """
    return _DECODERS[naming].page(body)
