"""What the templates of a sink read of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from jinja2 import StrictUndefined

from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.mediatype import is_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent


class Inputs(NamedTuple):
    """The first two arguments of ``Template.render``.

    Attributes:
        event: every attribute as its canonical string, by name.
        data: the JSON data; where there are none, something that says so when it is read, and has a ``default``.
    """

    event: Mapping[str, str]
    data: Any

    @classmethod
    def of(cls, event: CloudEvent) -> Inputs:
        """What templates read of ``event``."""
        attributes = {name: canonical(value) for name, value in event.attributes().items()}
        return cls(attributes, _data(event))


def _data(event: CloudEvent) -> Any:
    if event.data is not None and event.datacontenttype is not None and is_json(event.datacontenttype):
        try:
            return orjson.loads(event.data)
        except orjson.JSONDecodeError:
            pass
    return StrictUndefined(hint="the event has no JSON data")
