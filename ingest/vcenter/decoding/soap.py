"""SOAP bytes → the elements of a page's events, within bounds.

Accepted are the answers of ReadNextEvents and ReadPreviousEvents, and RetrievePropertiesEx with ``latestPage``.
A page that breaks a bound is refused as a whole: no part of it can be trusted to be what the vCenter meant.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from lxml import etree

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from lxml.etree import _Element

Bound = Literal["size", "markup", "depth", "events", "text", "doctype", "syntax", "content"]

MAX_BODY: Final = 32 * 1024 * 1024
"""Bytes. A page of 500 events has 0.4 MB; one of the largest reconfigurations only, about 10 MB."""

MAX_MARKUP: Final = 2_000_000
"""Elements' and attributes' signs (``<`` and ``=``): each may cost 120 bytes of memory, however small the body."""

MAX_DEPTH: Final = 100
"""Elements inside each other; a chain of 32 snapshots' disks needs about 45."""

MAX_EVENTS: Final = 10_000
"""Events in a page; a vCenter gives at most 1,000."""

XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
VIM: Final = "{urn:vim25}"

_BODY: Final = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
LISTS: Final = frozenset({f"{VIM}ReadNextEventsResponse", f"{VIM}ReadPreviousEventsResponse"})
_PROPERTIES: Final = f"{VIM}RetrievePropertiesExResponse"
_PAGE: Final = f"{VIM}returnval/{VIM}objects/{VIM}propSet/{VIM}val"
_PROLOGUE: Final = 4096
_ANSWER: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>)?\s*<(?:\w+:)?Envelope\b.*?<(?:\w+:)?Body\b[^>]*>\s*"
    rb"<(?:\w+:)?(?:ReadNextEvents|ReadPreviousEvents|RetrievePropertiesEx)Response\b",
    re.DOTALL,
)
_too_deep: Final = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


class RefusedPage(ReflexarcError):  # noqa: N818 - reads as what happened
    """A page that is not decoded at all; ``bound`` names what it broke."""

    def __init__(self, bound: Bound, message: str) -> None:
        super().__init__(f"page of vCenter events refused: {message}")
        self.bound = bound


def events(body: bytes) -> list[_Element]:
    """The element of every event, in the page's order.

    Raises:
        RefusedPage: oversized, too deeply nested, truncated or otherwise malformed XML, a document type (with it
            every entity), or an answer that is no page of events, such as a fault.
    """
    response = _parse(body).find(f"{_BODY}/*")
    if response is None:
        raise RefusedPage("content", "not a SOAP answer")
    if response.tag in LISTS:
        found = response.iterchildren(f"{VIM}returnval")
    elif response.tag == _PROPERTIES:
        found = _array(response).iterchildren(f"{VIM}Event")
    else:
        raise RefusedPage("content", f"not a page of events but {etree.QName(response).localname[:80]!r}")
    elements = list(islice(found, MAX_EVENTS + 1))
    if len(elements) > MAX_EVENTS:
        raise RefusedPage("events", f"more than {MAX_EVENTS} events")
    return elements


def check(body: bytes) -> None:
    """The bounds that need no parser.

    Raises:
        RefusedPage: the body is beyond one of them.
    """
    if len(body) > MAX_BODY:
        raise RefusedPage("size", f"{len(body)} bytes, more than {MAX_BODY}")
    # A body of fewer bytes than the bound cannot break it; ordinary pages are not scanned.
    if len(body) > MAX_MARKUP and body.count(b"<") + body.count(b"=") > MAX_MARKUP:
        raise RefusedPage("markup", f"more than {MAX_MARKUP} elements and attributes")
    # Before parsing, so that no entity is ever expanded or looked up. In UTF-8 it cannot be spelt otherwise.
    if b"<!DOCTYPE" in body:
        raise RefusedPage("doctype", "it declares a document type")


def is_answer(body: bytes) -> bool:
    """Whether the body begins like an answer that ``events`` accepts, however it goes on.

    What does not, such as a proxy's page, a fault or nothing at all, holds no event that could be lost with it.
    """
    return _ANSWER.match(body, 0, _PROLOGUE) is not None


def _array(response: _Element) -> _Element:
    for value in response.iterfind(_PAGE):
        if (value.get(XSI_TYPE) or "").rpartition(":")[2] == "ArrayOfEvent":
            return value
    raise RefusedPage("content", "the properties retrieved hold no ArrayOfEvent")


def _parse(body: bytes) -> _Element:
    check(body)
    # Not shared: lxml's parsers serialise the threads that use them.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    if _too_deep(root):
        raise RefusedPage("depth", f"elements nested deeper than {MAX_DEPTH}")
    return root


def _refusal(error: etree.XMLSyntaxError) -> RefusedPage:
    what = " ".join(str(error.msg).split())[:200]
    code = getattr(error, "code", None)  # lxml's stubs do not know it
    if code != etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return RefusedPage("syntax", f"truncated or malformed XML: {what}")
    return RefusedPage("depth" if "depth" in what else "text", f"beyond a bound of libxml2: {what}")
