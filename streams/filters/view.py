"""An event as conditions see it: attributes decoded and data parsed once each, and only when somebody asks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.cloudevents import kafka
from schemas.cloudevents.attributes import canonical, excerpt, invalid
from schemas.cloudevents.mediatype import is_envelope, is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from schemas.cloudevents import CloudEvent
    from streams.filters.entity import Known

_PREFIX: Final = "ce_"
_CONTENT_TYPE: Final = "content-type"
_REQUIRED: Final = ("ce_specversion", "ce_id", "ce_source", "ce_type")
_JSON: Final = b"application/json"


class _Missing:
    """The type of ``MISSING``; false, so that ``data or {}`` reads naturally."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""Stands where an event has no such value; JSON's null is None."""


class View:
    """Read-only view of one event.

    Attributes:
        inventory: says what is known of the entity that an event is about; None where no inventory is read.
    """

    __slots__ = ("_attributes", "_body", "_data", "_headers", "_known", "inventory")

    def __init__(self, headers: Mapping[str, bytes | None], body: bytes | None, *, entity: Known | None = None) -> None:
        self._headers = headers
        self._attributes: dict[str, str] | None = None
        self._body = body
        self._data: Any = _Missing  # not yet parsed
        self._known = entity
        self.inventory: Callable[[View], Known] | None = None

    @classmethod
    def of_record(cls, headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> View:
        """View of a Kafka record. In binary mode nothing is decoded yet; a structured event is parsed at once.

        Raises:
            InvalidEvent: it is no CloudEvent: no specversion, an attribute twice, or a structured one that is wrong in
                itself.
        """
        named = dict(headers)
        if len(named) < len(headers):
            _check_once(headers)
        content_type = named.get(_CONTENT_TYPE)
        if content_type is None:
            content_type = next((raw for name, raw in headers if name.lower() == _CONTENT_TYPE), None)
        if content_type is not None and content_type != _JSON and is_envelope(content_type.decode("latin-1")):
            return cls.of_event(kafka.from_message(headers, value))
        for name in _REQUIRED:
            if not named.get(name):
                raise invalid(name, "missing, so this record is no CloudEvent")
        if named["ce_specversion"] != b"1.0":
            raise invalid("ce_specversion", f"must be 1.0, not {excerpt(named['ce_specversion'])}")
        return cls(named, value)

    @classmethod
    def of_event(cls, event: CloudEvent) -> View:
        """View of a decoded event."""
        view = cls({}, event.data)
        view._attributes = {
            name: value if isinstance(value, str) else canonical(value) for name, value in event.attributes().items()
        }
        return view

    @classmethod
    def of_attributes(cls, attributes: Mapping[str, str]) -> View:
        """View of nothing but these attributes."""
        view = cls({}, None)
        view._attributes = dict(attributes)
        return view

    @property
    def entity(self) -> Known | None:
        """What the inventory knows of the entity that the event is about, asked once; None without an inventory."""
        if self._known is None and self.inventory is not None:
            self._known = self.inventory(self)
        return self._known

    @property
    def structured(self) -> bool:
        """Whether there are no headers to look at: it came in structured mode, or not from Kafka."""
        return not self._headers

    def header(self, name: str) -> bytes | None:
        """A header's bytes as they came, in binary mode."""
        return self._headers.get(name)

    def key(self) -> tuple[bytes | None, bytes | None]:
        """Subject and type as bytes, which may not be UTF-8 in a binary record; cheap."""
        if self._headers:
            return self._headers.get("ce_subject"), self._headers.get("ce_type")
        subject, kind = self.attributes.get("subject"), self.attributes.get("type")
        return None if subject is None else subject.encode(), None if kind is None else kind.encode()

    def attribute(self, name: str) -> str | None:
        """One context attribute as its canonical string; None when it is absent or not UTF-8. Decodes only this one."""
        if self._attributes is not None or name == "datacontenttype":
            return self.attributes.get(name)
        raw = self._headers.get(_PREFIX + name)
        try:
            return None if raw is None else raw.decode()
        except UnicodeDecodeError:
            return None

    @property
    def attributes(self) -> Mapping[str, str]:
        """Every context attribute by name, as its canonical string; what is not UTF-8 is left out."""
        if self._attributes is None:
            self._attributes = _decoded(self._headers)
        return self._attributes

    @property
    def data(self) -> Any:
        """The event's data as parsed JSON; ``MISSING`` when there is none, or it is no JSON."""
        if self._data is _Missing:
            self._data = self._parsed()
        return self._data

    def _parsed(self) -> Any:
        if not self._body:
            return MISSING
        if self._headers.get(_CONTENT_TYPE) != _JSON:
            content_type = self.attribute("datacontenttype")
            if content_type is not None and not is_json(content_type):
                return MISSING
        try:
            return orjson.loads(self._body)
        except orjson.JSONDecodeError:
            return MISSING


def _check_once(headers: Sequence[tuple[str, bytes | None]]) -> None:
    """Refuse what delivery would refuse: an attribute that two headers give. Others may stand there twice."""
    counts = Counter(name for name, _ in headers if name[:3] == _PREFIX or name.lower() == _CONTENT_TYPE)
    for name, count in counts.items():
        if count > 1:
            raise invalid(name, "the record has two such headers")


def _decoded(headers: Mapping[str, bytes | None]) -> dict[str, str]:
    attributes = {}
    for name, raw in headers.items():
        if raw is None:
            continue
        try:
            if name[:3] == _PREFIX:
                attributes[name[3:]] = raw.decode()
            elif name.lower() == _CONTENT_TYPE:
                attributes["datacontenttype"] = raw.decode()
        except UnicodeDecodeError:
            continue
    return attributes
