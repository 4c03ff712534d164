"""Any JSON: JSONPaths of the configuration say which part of it is which attribute."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from jsonpath import JSONPathError

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import MOST, Place
from schemas.cloudevents.attributes import invalid
from schemas.config.webhook.generic import is_path
from schemas.config.webhook.jsonpath import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonpath import JSONPath

    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent
    from schemas.config.webhook.generic import EventConfig

_NAMES = ("id", "type", "subject", "time", "key")


@dataclass(frozen=True, slots=True)
class _Document:
    """A payload or an element of it: as JSONPath reads it, and with its numbers as they are spelled."""

    plain: Any
    spelled: Any

    def reach(self, path: JSONPath) -> Iterator[_Document]:
        """Yield what ``path`` leads to, in the order of the document."""
        if not isinstance(self.plain, dict | list):
            yield from () if path.segments else (self,)
            return
        try:
            for match in path.finditer(self.plain):
                spelled = self.spelled
                for part in match.parts:
                    spelled = spelled[part]
                yield _Document(match.obj, spelled)
        except JSONPathError:
            raise invalid(str(path), "cannot be followed in this payload") from None

    def first(self, path: JSONPath) -> Any:
        """Return the first text or number that ``path`` leads to; None when there is none."""
        found = (each.spelled for each in self.reach(path))
        return next((value for value in found if Place("", value).hint() is not None), None)


def adapter(settings: EventConfig) -> Adapter:
    """Return the adapter that these settings describe."""
    each = None if settings.each is None else compiled(settings.each)
    given = {name: text for name in _NAMES if (text := getattr(settings, name)) is not None}
    constants = {name: text for name, text in given.items() if not is_path(text)}
    paths = {name: compiled(text) for name, text in given.items() if is_path(text)}
    of_element = {name for name in paths if given[name].startswith("@")}

    def adapt(request: Request) -> list[CloudEvent]:
        payload = _Document(document.plain(request.body), document.read(request.body))
        if not isinstance(payload.plain, dict | list):
            raise invalid("body", "must be a JSON object or array")
        # Once per payload: for every element it would cost the square of their number.
        shared = constants | {name: payload.first(paths[name]) for name in paths.keys() - of_element}
        body = digest(request.body)
        if each is None:
            return [_event(request, given, shared, otherwise=body, data=request.body)]
        return [
            _event(
                request,
                given,
                shared | {name: element.first(paths[name]) for name in of_element},
                otherwise=f"{body}/{at}",
                data=document.write(element.spelled),
            )
            for at, element in enumerate(_elements(payload, each))
        ]

    return Adapter(accepts=("JSON that the configuration describes: Content-Type: application/json",), adapt=adapt)


def _elements(payload: _Document, each: JSONPath) -> list[_Document]:
    found = list(islice(payload.reach(each), MOST + 1))
    if len(found) > MOST:
        raise invalid(str(each), f"leads to more than {MOST} elements")
    return found


def _event(
    request: Request, given: dict[str, str], values: dict[str, Any], *, otherwise: str, data: bytes
) -> CloudEvent:
    """Return the event with these values; id and type must be there when a path was given for them."""
    place = Place("", values)
    for name in ("id", "type"):
        if name in given and place.hint(name) is None:
            raise invalid(given[name], f"leads to no text or number, and is the {name}")
    id_ = place.hint("id")
    return event(
        request,
        id=otherwise if id_ is None else identity(id_),
        type=place.required("type").word(),
        subject=place.hint("subject") or request.endpoint,
        key=place.hint("key") or request.endpoint,
        time=moment(values.get("time")),
        data=data,
    )
