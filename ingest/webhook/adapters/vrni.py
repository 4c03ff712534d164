"""VMware Aria Operations for Networks (vRealize Network Insight), the databus: one event per message of a payload.

Problems come in ``EntityMessageList``, with the status OPEN, UPDATE or CLOSE; applications in
``ApplicationMessageList``. Other message groups use the first list, too, with another ``entity_type``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import MOST, Place
from schemas.cloudevents.attributes import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "vrni"
_PROBLEMS: Final = "EntityMessageList"
_APPLICATIONS: Final = "ApplicationMessageList"
_STATES: Final = {
    "problem": {"OPEN": "opened", "UPDATE": "updated", "CLOSE": "closed"},
    "application": {"CREATE": "created", "UPDATE": "updated", "DELETE": "deleted"},
    "entity": {"CREATE": "created", "UPDATE": "updated", "DELETE": "deleted"},
}
"""Status of a message, and what stands in the type; nothing stands there for any other."""


def events(request: Request) -> list[CloudEvent]:
    """Translate one payload, problems first.

    Raises:
        InvalidEvent: it is none; the message begins with the JSON path at fault.
    """
    payload = Place.of(request.body)
    problems, applications = _list(payload, _PROBLEMS), _list(payload, _APPLICATIONS)
    if problems is None and applications is None:
        raise invalid(_PROBLEMS, f"required, but missing, and so is {_APPLICATIONS}")
    if len(problems or ()) + len(applications or ()) > MOST:
        raise invalid(_APPLICATIONS, f"there are more than {MOST} messages in all")
    return [
        *(_message(request, message, message.required("entity")) for message in problems or ()),
        *(_message(request, message, message.required("info"), kind="application") for message in applications or ()),
    ]


def _list(payload: Place, name: str) -> Sequence[Place] | None:
    return None if payload.find(name) is None else list(payload.required(name).objects())


def _message(request: Request, message: Place, entity: Place, kind: str | None = None) -> CloudEvent:
    entity.members()
    kind = kind or _kind(entity)
    state = _STATES[kind].get(message.hint("status") or "")
    own = entity.hint("entity_id") or entity.hint("name") or "-"
    data = document.write(message.value)
    return event(
        request,
        id=identity(own, state or kind, digest(data)),
        type=".".join(filter(None, ("com.reflexarc", _NAME, kind, state, "v0"))),
        subject=entity.hint("name") or entity.hint("entity_type") or kind,
        key=f"{_NAME}/{own}",
        time=moment(message.find("deleted_at")) or moment(entity.find("event_time_epoch_ms")),
        severity=entity.hint("severity"),
        data=data,
    )


def _kind(entity: Place) -> str:
    """Return what an entity is: problems come as ProblemEvent or a kind of it, and those have an event_type."""
    entity_type = entity.hint("entity_type")
    is_problem = entity_type is None or entity_type.endswith("ProblemEvent") or entity.find("event_type") is not None
    return "problem" if is_problem else "entity"


ADAPTER: Final = Adapter(
    accepts=(
        "messages of Aria Operations for Networks' databus, problems or applications: Content-Type: application/json",
    ),
    adapt=events,
)
