"""The JSON event format: one CloudEvent, or a batch of them, as a JSON document (json-format.md 1.0.2).

JSON data passes as the bytes it is: no number is rounded, no key reordered; only blanks around the document may go.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import orjson

from schemas.cloudevents.attributes import invalid
from schemas.cloudevents.event import CloudEvent
from schemas.cloudevents.mediatype import is_json, is_utf8
from schemas.cloudevents.members import Member, read_array, read_object
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Mapping


def dumps(event: CloudEvent) -> bytes:
    """The event as one JSON object.

    Data that is declared as JSON, and is JSON, becomes ``data``; everything else ``data_base64``. Data of an
    undeclared type is not guessed at.
    """
    members: dict[str, Any] = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in event.attributes().items()
    }
    if event.data is not None:
        if _is_json_document(event.data, event.datacontenttype):
            members["data"] = orjson.Fragment(event.data)
        else:
            members["data_base64"] = b64encode(event.data).decode()
    return orjson.dumps(members)


def loads(body: bytes) -> CloudEvent:
    """The event that one JSON object describes.

    A member that is null is absent. ``data`` without ``datacontenttype`` is JSON by definition, and is labelled so.

    Raises:
        InvalidEvent: the body is not a CloudEvent in the JSON format.
    """
    text = _text(body)
    try:
        members = read_object(text)
    except (ValueError, RecursionError) as error:
        raise invalid("event", f"not a JSON object: {error}") from None
    return _event(members)


def loads_batch(body: bytes) -> list[CloudEvent]:
    """The events of a JSON array, which may be empty.

    Raises:
        InvalidEvent: the body is not an array, or one of its events is wrong; the message says which, from 0.
    """
    text = _text(body)
    try:
        batch = read_array(text)
    except (ValueError, RecursionError) as error:
        raise invalid("batch", f"not a JSON array of objects: {error}") from None
    events = []
    for index, members in enumerate(batch):
        try:
            events.append(_event(members))
        except InvalidEvent as error:
            raise invalid(f"event {index}", error.message, cure=error.cure) from None
    return events


def _event(members: Mapping[str, Member]) -> CloudEvent:
    attributes = {
        name: member.value
        for name, member in members.items()
        if member.value is not None and name not in {"data", "data_base64"}
    }
    if "data" in members:
        attributes.setdefault("datacontenttype", "application/json")
    return CloudEvent.from_attributes(attributes, _data(members, attributes.get("datacontenttype")))


def _data(members: Mapping[str, Member], content_type: object) -> bytes | None:
    data = members.get("data")
    encoded = members.get("data_base64")
    if encoded is not None and encoded.value is not None:
        if data is not None:
            raise invalid("data", "stands beside data_base64; only one of them may be present")
        return _from_base64(encoded.value)
    if data is None:
        return None
    if not isinstance(content_type, str):
        raise invalid("datacontenttype", f"must be a string, not {type(content_type).__name__}")
    if not is_utf8(content_type):
        raise invalid("data", "its charset is not UTF-8", cure="send data_base64")
    if is_json(content_type):
        return data.text.encode()
    if not isinstance(data.value, str):
        raise invalid("data", "must be a string, because datacontenttype is not JSON")
    try:
        return data.value.encode()
    except UnicodeEncodeError:
        raise invalid("data", "holds a lone surrogate") from None


def _from_base64(value: object) -> bytes:
    if not isinstance(value, str):
        raise invalid("data_base64", f"must be a string, not {type(value).__name__}")
    try:
        return b64decode(value, validate=True)
    except ValueError as error:
        raise invalid("data_base64", f"not Base64: {error}") from None


def _is_json_document(data: bytes, content_type: str | None) -> bool:
    if content_type is None or not is_json(content_type) or not is_utf8(content_type):
        return False
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise invalid("event", "not UTF-8") from None
