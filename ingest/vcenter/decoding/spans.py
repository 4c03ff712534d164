"""A page cut into the bytes of its events, without parsing it.

Only what vCenters really send is cut: an answer of ReadNextEvents or ReadPreviousEvents, its events side by side with
nothing but white space between them. Everything else is left to the parser.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vcenter.decoding import soap

if TYPE_CHECKING:
    from collections.abc import Iterable

OPEN: Final = b"<returnval"
CLOSE: Final = b"</returnval>"

_LONGEST_PAGE: Final = 8_000_000  # libxml2 refuses texts of 10,000,000
_LONGEST_FRAME: Final = 4096
_SPACE: Final = b" \t\r\n"
_XSI: Final = soap.XSI_TYPE[1:].partition("}")[0]


class Spans(NamedTuple):
    """A page in pieces. The head and the tail are known to be well-formed around any events."""

    head: bytes
    events: list[bytes]
    """From the start tag of an event up to its end tag, which is left out."""

    tail: bytes

    def only(self, numbers: Iterable[int]) -> bytes | None:
        """A page of some of the events; None if it might mean something else than they do in the whole page.

        A whole event cannot reach into the next one unless it is malformed, and then so is this page.
        """
        chosen = [self.events[number] for number in numbers]
        if not all(map(is_whole, chosen)):
            return None
        return b"".join([self.head, *(span + CLOSE for span in chosen), self.tail])


def is_whole(span: bytes) -> bool:
    """Whether an event, if it is well-formed at all, ends where its span ends.

    Every ``<`` begins a tag then, and the one end tag of an event's name must be that of the one start tag.
    """
    return span.count(OPEN) == 1 and b"<!" not in span and b"<?" not in span


def cut(body: bytes) -> Spans | None:
    """The pieces of a page that is within the bounds of ``soap``; None if only a parser can tell."""
    first, last = body.find(OPEN), body.rfind(CLOSE)
    if not 0 < first < last or len(body) > _LONGEST_PAGE or not _is_xml_text(body):
        return None
    head, region, tail = body[:first], body[first:last], body[last + len(CLOSE) :]
    if not _is_frame(head, tail):
        return None
    events = [span if span.startswith(OPEN) else span.lstrip(_SPACE) for span in region.split(CLOSE)]
    if len(events) > soap.MAX_EVENTS or not all(span.startswith(OPEN) for span in events):
        return None
    return Spans(head, events, tail)


def _is_xml_text(body: bytes) -> bool:
    """Whether a body is UTF-8 and holds no character above ASCII that XML forbids."""
    if body.isascii():
        return True
    try:
        text = body.decode()  # in it the search is faster than in the bytes
    except UnicodeDecodeError:
        return False
    return "\ufffe" not in text and "\uffff" not in text


def _is_frame(head: bytes, tail: bytes) -> bool:
    """Whether what stands between ``head`` and ``tail`` are events, in the namespaces that shapes are learned in."""
    return max(len(head), len(tail)) <= _LONGEST_FRAME and _holds_events(head, tail)


@lru_cache(maxsize=16)  # a vCenter sends always the same
def _holds_events(head: bytes, tail: bytes) -> bool:
    try:
        found = soap.events(head + OPEN + b"/>" + tail)
    except soap.RefusedPage:
        return False
    if len(found) != 1 or found[0].prefix:  # or the head has an event of its own, spelt otherwise
        return False
    parent = found[0].getparent()
    return parent is not None and parent.tag in soap.LISTS and found[0].nsmap.get("xsi") == _XSI
