"""The CloudEvent: one immutable, valid event, apart from any format or protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from schemas.cloudevents.attributes import (
    REQUIRED,
    SPECVERSION,
    Value,
    check_dataschema,
    check_extension,
    check_source,
    check_text,
    check_time,
    excerpt,
    invalid,
)
from schemas.cloudevents.mediatype import check_media_type

if TYPE_CHECKING:
    from collections.abc import Mapping


def _no_extensions() -> Mapping[str, Value]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudEvent:
    """One CloudEvent of specversion 1.0. An instance is valid: its constructor raises ``InvalidEvent`` otherwise.

    Events are equal when all their attributes and data are; ``source`` and ``id`` together identify the occurrence
    and make the hash.

    Attributes:
        id: identifies the event within its source; not empty.
        source: URI-reference; not empty.
        type: what kind of event; not empty.
        subject: what the event is about within its source; not empty when present.
        time: RFC 3339 timestamp, kept as given, with all its fractional digits.
        datacontenttype: media type of ``data``.
        dataschema: absolute URI of the schema of ``data``.
        extensions: every other attribute; names of a-z and 0-9. Copied, read-only.
        data: the bytes as they are on the wire; None means that there are none, ``b""`` that they are empty.
    """

    id: str
    source: str
    type: str
    subject: str | None = None
    time: str | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    extensions: Mapping[str, Value] = field(default_factory=_no_extensions)
    data: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_source(self.source)
        check_text("type", self.type)
        if self.subject is not None:
            check_text("subject", self.subject)
        if self.time is not None:
            check_time(self.time)
        if self.datacontenttype is not None:
            check_media_type("datacontenttype", self.datacontenttype)
        if self.dataschema is not None:
            check_dataschema(self.dataschema)
        extensions = dict(self.extensions)
        for name, value in extensions.items():
            check_extension(name, value)
        object.__setattr__(self, "extensions", MappingProxyType(extensions))
        if self.data is not None and not isinstance(self.data, bytes):
            raise invalid("data", f"must be bytes, not {type(self.data).__name__}")

    def __hash__(self) -> int:
        return hash((self.source, self.id))

    def attributes(self) -> dict[str, Value]:
        """Every attribute that is present, by name: ``specversion`` first, extensions last."""
        attributes: dict[str, Value] = {
            "specversion": SPECVERSION,
            "id": self.id,
            "source": self.source,
            "type": self.type,
        }
        if self.subject is not None:
            attributes["subject"] = self.subject
        if self.time is not None:
            attributes["time"] = self.time
        if self.datacontenttype is not None:
            attributes["datacontenttype"] = self.datacontenttype
        if self.dataschema is not None:
            attributes["dataschema"] = self.dataschema
        attributes.update(self.extensions)
        return attributes

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any], data: bytes | None) -> CloudEvent:
        """The event that a message carries: every attribute by name, ``specversion`` and extensions included.

        Raises:
            InvalidEvent: a required attribute is missing, the version is not 1.0, or a value breaks its rule.
        """
        rest = dict(attributes)
        try:
            if rest.pop("specversion") != SPECVERSION:
                raise invalid("specversion", f"must be {SPECVERSION!r}, not {excerpt(attributes['specversion'])}")
            return cls(
                id=rest.pop("id"),
                source=rest.pop("source"),
                type=rest.pop("type"),
                subject=rest.pop("subject", None),
                time=rest.pop("time", None),
                datacontenttype=rest.pop("datacontenttype", None),
                dataschema=rest.pop("dataschema", None),
                extensions=rest,
                data=data,
            )
        except KeyError:
            missing = [name for name in REQUIRED if name not in attributes]
            raise invalid(", ".join(missing), "required, but missing") from None
