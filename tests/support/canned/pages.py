"""Recorded pages as templates: the same events again, under other keys and at other times."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "vcenter-json"
PAGES: Final = {
    "power": ("page_1000_vm_power",),
    "classes": ("corpus_min", "corpus_r1"),
    "all": ("page_1000_vm_power", "corpus_min", "corpus_r1"),
}

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
VIM: Final = "{urn:vim25}"
_EVENT: Final = re.compile(rb"<returnval( [^>]*)>(.*?)</returnval>", re.DOTALL)
_IDENTITY: Final = re.compile(rb"<key>-?\d+</key><chainId>-?\d+</chainId><createdTime>[^<]*</createdTime>")
_MESSAGE: Final = re.compile(rb"<fullFormattedMessage>.*?</fullFormattedMessage>", re.DOTALL)
_WRAPPED: Final = b'<page xmlns="urn:vim25" xmlns:xsi="%b" xmlns:xsd="http://www.w3.org/2001/XMLSchema">%b</page>'
# Of the event, and inside of that; the most specific first, as docs/vcenter.md says.
_ENTITIES: Final = ("vm", "host", "computeResource", "ds/datastore", "net/network", "dvs", "datacenter", "entity")


class Template(NamedTuple):
    """One event without its identity.

    Attributes:
        name: its class, or the eventTypeId of an EventEx or ExtendedEvent.
        entity: managed object id of the most specific entity; None for an event about none.
        attributes: of its element, as written.
        body: what follows ``createdTime``, as written.
    """

    name: str
    entity: str | None
    attributes: bytes
    body: bytes

    def render(self, key: int, created: bytes, tag: bytes = b"returnval") -> bytes:
        """The element of the event with this key, created at this time (xsd:dateTime)."""
        identity = b"<key>%d</key><chainId>%d</chainId><createdTime>%b</createdTime>" % (key, key, created)
        return b"<%b%b>%b%b</%b>" % (tag, self.attributes, identity, self.body, tag)

    def without_message(self) -> Template:
        """The same, as it is sent when ``disableFullMessage`` is not false."""
        return self._replace(body=_MESSAGE.sub(b"", self.body, count=1))


@cache
def templates(kind: str) -> tuple[Template, ...]:
    """Every event of the recorded pages ``kind`` (see ``PAGES``), in their order."""
    return tuple(template for name in PAGES[kind] for template in _read(FIXTURES / f"{name}.xml.gz"))


def made(cls: str, body: bytes, entity: str | None = None) -> Template:
    """A template of ``cls`` whose element holds ``body`` behind its identity."""
    return Template(cls, entity, b' xsi:type="%b"' % cls.encode(), body)


def _read(path: Path) -> Iterator[Template]:
    for found in _EVENT.finditer(gzip.decompress(path.read_bytes())):
        (element,) = etree.fromstring(_WRAPPED % (XSI.encode(), found[0]))
        before, body = _IDENTITY.split(found[2], maxsplit=1)
        assert before == b"", f"{path}: an event does not begin with its identity"
        yield Template(_name(element), _entity(element), found[1], body)


def _name(element: etree._Element) -> str:
    cls = element.get(f"{{{XSI}}}type") or ""
    given = element.findtext(f"{VIM}eventTypeId") if cls in {"EventEx", "ExtendedEvent"} else None
    return given or cls


def _entity(element: etree._Element) -> str | None:
    for path in _ENTITIES:
        outer, _, inner = path.partition("/")
        if value := element.findtext(f"{VIM}{outer}/{VIM}{inner or outer}"):
            return value
    return None
