"""Media types: what a content type says about the bytes it comes with (RFC 2046, in the grammar of RFC 9110 §8.3.1)."""

from __future__ import annotations

import re
from typing import Final

from schemas.cloudevents.attributes import check_text, excerpt, invalid

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"

_FAMILY = "application/cloudevents"
_BATCH = "application/cloudevents-batch"

_TOKEN = r"[A-Za-z0-9!#$%&'*+\-.^_`|~]++"  # noqa: S105 - the grammar's name for it
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*+"'
_PARAMETER = rf"[ \t]*+;[ \t]*+(?:{_TOKEN}=(?:{_TOKEN}|{_QUOTED}))?+"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:{_PARAMETER})*+")
_CHARSET = re.compile(r";[ \t]*charset=\"?([^\";\s]*)", re.IGNORECASE)


def check_media_type(name: str, value: object) -> None:
    """Raise InvalidEvent unless ``value`` is ``type/subtype`` with any parameters, in ASCII."""
    if value == "application/json":
        return
    if not (isinstance(value, str) and _MEDIA_TYPE.fullmatch(value)):
        check_text(name, value)
        raise invalid(name, f"{excerpt(value)} is not a media type (RFC 2046)")


def is_envelope(content_type: str) -> bool:
    """Whether a message of this type carries whole events in its body, in whatever event format."""
    return content_type[: len(_FAMILY)].lower() == _FAMILY


def check_event_format(content_type: str) -> None:
    """Raise InvalidEvent unless an envelope of this type is one event in the JSON format."""
    essence = content_type.partition(";")[0].strip(" \t").lower()
    if essence == STRUCTURED:
        return
    if essence.startswith(_BATCH):
        raise invalid("content-type", f"{excerpt(essence)} is a batch", cure="send one event per message")
    raise invalid("content-type", f"{excerpt(essence)} is not a supported event format", cure=f"send {STRUCTURED}")


def check_opaque(datacontenttype: str) -> None:
    """Raise InvalidEvent when data of this type would be taken for the event itself in binary mode."""
    if is_envelope(datacontenttype):
        raise invalid(
            "datacontenttype",
            f"{excerpt(datacontenttype)} cannot be sent in binary mode: a reader takes the data for the event",
            cure="send the event in structured mode",
        )


def is_json(content_type: str) -> bool:
    """Whether the data is declared as JSON: ``*/json`` or ``*/*+json`` (JSON format, section 3.1.1)."""
    subtype = content_type.partition(";")[0].partition("/")[2].strip(" \t").lower()
    return subtype == "json" or subtype.endswith("+json")


def is_utf8(content_type: str) -> bool:
    """Whether the type declares no charset, or one that is UTF-8."""
    found = _CHARSET.search(content_type)
    return not found or found[1].lower() in {"utf-8", "utf8", "us-ascii"}
