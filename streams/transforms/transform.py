"""A route's transform: the record of one event becomes another record of the same event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.cloudevents import CloudEvent, kafka
from schemas.cloudevents.mediatype import is_json
from schemas.errors import InvalidEvent, Reject
from schemas.templates.fuel import Fuel
from schemas.templates.unfit import Unfit
from streams.filters.view import MISSING
from streams.transforms.draft import Draft
from streams.transforms.step import Given, Replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.filters.view import View
    from streams.transforms.attributes import Attribute
    from streams.transforms.step import Step

Headers = list[tuple[str, bytes | None]]

_JSON: Final = "application/json"
_CONTENT_TYPE: Final = "content-type"
_PREFIX: Final = "ce_"


@dataclass(frozen=True, slots=True)
class Transform:
    """Compiled steps. Transforms are equal, and have the same hash, when their configurations say the same.

    Attributes:
        spelling: the configuration as canonical JSON.
        steps: changes to the data, in order.
        attributes: changes to the attributes.
    """

    spelling: bytes
    steps: tuple[Step, ...] = field(compare=False, repr=False)
    attributes: tuple[Attribute, ...] = field(compare=False, repr=False)

    def apply(
        self, view: View, headers: Sequence[tuple[str, bytes | None]], value: bytes | None
    ) -> tuple[Headers, bytes | None]:
        """Headers and value of the new record, always in binary mode; headers that are no attributes stay.

        Bytes of the value stay as they are when no step touches the data.

        Args:
            view: of the same record; what it has parsed is used, and not changed.
            headers: as they came.
            value: as it came.

        Raises:
            Reject: a step cannot be done on this event, or what comes out is no CloudEvent. The reason names the
                step: ``transform.template.Title: …``.
        """
        try:
            event = kafka.from_message(headers, value)
        except InvalidEvent as error:
            raise Reject(f"transform: the event is wrong before it: {error}") from None
        given = Given(view.attributes, view.data, Fuel())
        attributes, data = dict(event.attributes()), event.data
        if self.steps:
            data = self._data(given)
            if not is_json(str(attributes.get("datacontenttype", ""))):
                attributes["datacontenttype"] = _JSON
        for change in self.attributes:
            new = _told(f"attributes.{change.name}", change.value, given)
            if new is None:
                attributes.pop(change.name, None)
            else:
                attributes[change.name] = new
        try:
            message = kafka.to_binary(CloudEvent.from_attributes(attributes, data))
        except InvalidEvent as error:
            raise Reject(f"transform.attributes: {error}") from None
        others = [(name, raw) for name, raw in headers if name[:3] != _PREFIX and name.lower() != _CONTENT_TYPE]
        return [*message.headers, *others], message.value

    def _data(self, given: Given) -> bytes:
        data = given.data
        if data is MISSING and not isinstance(self.steps[0], Replace):
            raise Reject(f"transform.{self.steps[0].name}: the event has no JSON data")
        draft = Draft(data)
        for step in self.steps:
            _told(step.name, step.apply, draft, given)
        try:
            return orjson.dumps(draft.data)
        except TypeError as error:
            raise Reject(f"transform.{self.steps[-1].name}: the data cannot be written as JSON: {error}") from None


def _told(name: str, function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except Unfit as error:
        raise Reject(f"transform.{name}: {error}") from None
