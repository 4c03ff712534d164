"""What the audit hears of an action: asked for, decided, begun, ended; and who asked, on what ground.

Every step of one action is a CloudEvent with an id of its own, the same whenever it is told again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from clients.kafka.notice import notice
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.kafka.record import Outgoing
    from schemas.remediation.answer import Answer
    from schemas.remediation.appointment import Appointment
    from schemas.remediation.entity import Entity
    from schemas.remediation.request import Request
    from streams.guard.refusal import Refusal

KIND: Final = "com.reflexarc.remediation."
"""How the types of these events begin; the step follows."""

_NAMES: Final = {"vcenter", "moref", "kind", "name", "new"}

ALARMING: Final = frozenset({"parked", "failed", "unknown", "abandoned"})
"""Steps that somebody has to see: they are among the events, too, where routes lead on from."""

_SAID: Final = {"id", "verb", "said", "person"}


def told(
    prefix: str, role: str, step: str, request: Request, *, at: float, more: Mapping[str, Any]
) -> tuple[Outgoing, ...]:
    """The records that tell of one step.

    Args:
        prefix: topic prefix.
        role: who tells it.
        step: ``requested``, ``approved``, ``refused``, ``parked``, ``started``, ``planned``, ``succeeded``, ``failed``
            or ``unknown``.
        request: what was asked.
        at: when, seconds since 1970.
        more: further members of the data, without secrets.
    """
    to = (topics.audit(prefix), topics.events(prefix)) if step in ALARMING else (topics.audit(prefix),)
    about = _about(request)
    return tuple(
        notice(
            topic,
            KIND + step,
            name=f"{request.id}/{step}",
            source=f"/{topics.group(prefix, role)}",
            subject=about,
            now=datetime.fromtimestamp(at, UTC),
            data=_data(request, more),
            partitionkey=about,
        )
        for topic in to
    )


def due(
    prefix: str, role: str, step: Literal["postponed", "abandoned"], due: Appointment, reason: str, *, at: float
) -> tuple[Outgoing, ...]:
    """The records that tell of what an action should have led to by now.

    Args:
        prefix: topic prefix.
        role: who tells it.
        step: ``postponed``: it could not be asked for this time; ``abandoned``: it is not asked for any more.
        due: what, and of which action.
        reason: why, without secrets.
        at: when, seconds since 1970.
    """
    to = (topics.audit(prefix), topics.events(prefix)) if step in ALARMING else (topics.audit(prefix),)
    undo, request = due.undo, due.request
    of = undo or request
    return tuple(
        notice(
            topic,
            KIND + step,
            name=f"{due.id}/{step}/{due.tries}",
            source=f"/{topics.group(prefix, role)}",
            subject=due.entity.key,
            now=datetime.fromtimestamp(at, UTC),
            data={
                "action": of.action if of else "",
                "actionId": due.id,
                "sink": of.sink if of else "",
                "requester": undo.person if undo else request.requester if request else "",
                **({"command": request.errand.model_dump(include=_SAID)} if request and request.errand else {}),
                "entity": _entity(due.entity),
                "due": due.due,
                "tries": due.tries,
                "reason": reason,
            },
            partitionkey=due.entity.key,
        )
        for topic in to
    )


def unanswered(
    prefix: str, role: str, answer: Answer, no: Refusal, request: Request | None, *, place: str, at: float
) -> Outgoing:
    """The record that tells of a person's answer that has changed nothing.

    Args:
        prefix: topic prefix.
        role: who tells it.
        answer: which; its signature is one of ours.
        no: why it has changed nothing.
        request: that waits for an answer; None when none does.
        place: where the answer lay: topic, partition and offset.
        at: when, seconds since 1970.
    """
    said = {"actor": answer.person, "answer": "yes" if answer.approve else "no", "place": place, **no._asdict()}
    about = _about(request) if request is not None else answer.id
    return notice(
        topics.audit(prefix),
        KIND + "unanswered",
        name=f"{answer.id}/unanswered/{place}",
        source=f"/{topics.group(prefix, role)}",
        subject=about,
        now=datetime.fromtimestamp(at, UTC),
        data={"actionId": answer.id, **said} if request is None else _data(request, said),
        partitionkey=about,
    )


def strange(prefix: str, role: str, place: str, reason: str, *, at: float) -> Outgoing:
    """The record that tells of something that was not believed, such as an answer that nobody has signed.

    Args:
        prefix: topic prefix.
        role: who tells it.
        place: where it lay: topic, partition and offset.
        reason: why it was not believed; nothing of it is quoted.
        at: when, seconds since 1970.
    """
    return notice(
        topics.audit(prefix),
        KIND + "disbelieved",
        name=place,
        source=f"/{topics.group(prefix, role)}",
        subject=place,
        now=datetime.fromtimestamp(at, UTC),
        data={"place": place, "reason": reason},
    )


def _about(request: Request) -> str:
    return request.entity.key if request.entity else request.sink


def _data(request: Request, more: Mapping[str, Any]) -> dict[str, Any]:
    entity = request.entity
    return {
        "action": request.action,
        "actionId": request.id,
        "sink": request.sink,
        "requester": request.requester,
        "parameters": request.parameters,
        **({"undoes": request.undo.id} if request.undo else {}),
        **({"command": request.errand.model_dump(include=_SAID)} if request.errand else {}),
        **({"part": request.part, "parts": request.parts} if request.part else {}),
        "entity": _entity(entity) if entity else None,
        "cause": {"source": request.cause.source, "id": request.cause.id, "type": request.cause.type},
        **more,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return entity.model_dump(include=_NAMES, exclude_none=True)
