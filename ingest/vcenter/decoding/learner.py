"""Learns the shape of an event from one example.

The example goes the same way through the same plans as every event that is walked. Only what lies at the ends of that
way, the texts, is not read: holes take their places. So a shape cannot differ from the walk in anything else.
"""

from __future__ import annotations

from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import orjson

from ingest.vcenter.decoding import registry, soap
from ingest.vcenter.decoding.holes import Hole, Holes, Unlearnable
from ingest.vcenter.decoding.identity import Identity, class_name
from ingest.vcenter.decoding.shape import Shape, take_apart
from ingest.vcenter.decoding.spans import CLOSE, is_whole
from ingest.vcenter.decoding.texts import json_strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from ingest.vcenter.decoding.naming import Naming

# No prefix but xsi, so that an event which takes another one from outside is malformed here.
_HEAD: Final = (
    b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><ReadNextEventsResponse xmlns="urn:vim25"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_TAIL: Final = b"</ReadNextEventsResponse></Body></Envelope>"
_MARK: Final = "\0"  # no XML holds it
_SLOT: Final = orjson.dumps(_MARK)


class Learner:
    """Makes shapes in one naming, for one thread at a time."""

    def __init__(self, naming: Naming) -> None:
        self._holes = Holes(naming)
        self._identity = Identity(naming)
        self._key, self._chain_id = naming.key("key"), naming.key("chainId")
        self._lock = Lock()

    def learn(self, span: bytes) -> Shape | None:
        """The shape of the event whose bytes these are, without its end tag; None if its like must be walked."""
        if not is_whole(span):
            return None
        try:
            found = soap.events(_HEAD + span + CLOSE + _TAIL)
            with self._lock:
                return self._learn(found[0], _leaves(found[0], take_apart(span)[1])) if found else None
        except (soap.RefusedPage, Unlearnable):
            return None

    def _learn(self, element: _Element, leaves: Sequence[_Element]) -> Shape:
        cls = class_name(element)
        found = registry.find(cls)
        if found is None or not issubclass(found, registry.Event):
            raise Unlearnable
        made = self._holes.of(leaves)
        body = self._holes.plan(found).walk(element)
        holes: list[Hole] = []

        def mark(hole: Any) -> str:
            holes.append(hole)
            return _MARK

        literals = orjson.dumps(body, default=mark, option=orjson.OPT_PASSTHROUGH_SUBCLASS).split(_SLOT)
        if len(made) != len(holes):  # one was replaced by another of its name; the walk reads both
            raise Unlearnable
        slots = [b""] * (2 * len(literals) - 1)
        slots[::2] = _quoted(literals, holes)
        taken = [hole.number for hole in holes]
        places: dict[object, int] = {hole: place for place, hole in enumerate(holes)}
        name, eventclass = self._identity.name(cls, body)
        try:
            return Shape(
                literals=slots,
                taken=None if taken == list(range(len(leaves))) else taken,
                casts=[(place, hole.cast) for place, hole in enumerate(holes) if hole.cast],
                key=places[body[self._key]],
                chain_id=places[body[self._chain_id]],
                created_time=places[self._identity.created_time(body)],
                name=places.get(name, name),
                eventclass=eventclass,
                entity=places.get(self._identity.entity(body)),
            )
        except KeyError:  # the event lacks something that every event has
            raise Unlearnable from None


def _quoted(literals: list[bytes], holes: list[Hole]) -> list[bytes]:
    """The literals around the holes, with the quotes of those that are strings."""
    quotes = [b"", *(b"" if hole.cast else b'"' for hole in holes), b""]
    around = zip(pairwise(quotes), literals, strict=True)
    return [before + literal + after for (before, after), literal in around]


def _leaves(element: _Element, texts: list[bytes]) -> list[_Element]:
    """The elements that hold ``texts``, in their order."""
    leaves = [found for found in element.iter() if found.text and not len(found)]
    strings = json_strings(texts)
    if strings is None or [orjson.loads(b'"%b"' % string) for string in strings] != [leaf.text for leaf in leaves]:
        raise Unlearnable
    return leaves
