"""What the audit hears of commands that lead to no request: answers, refusals, and what nobody gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.notice import notice
from schemas import topics

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing
    from clients.vsphere.queries.leased import Leased
    from schemas.cloudevents import CloudEvent
    from schemas.commands.errand import Errand
    from streams.commands.wording import Wording

KIND: Final = "com.reflexarc.command."
"""How the types of these events begin: ``answered``, ``refused``, ``failed``, ``unheard`` or ``disbelieved``."""


def told(prefix: str, step: str, errand: Errand, said: Wording, *, at: float, why: str = "") -> Outgoing:
    """The record of a command that was answered, or refused, without a request.

    An answer is in it where whoever asks has no other way to hear it: at the command line.

    Args:
        prefix: topic prefix.
        step: ``answered``, ``refused``, or ``failed``: something went wrong here.
        errand: the command.
        said: what was said.
        at: when, seconds since 1970.
        why: what is wrong, where that is more than was said.
    """
    more = {
        "channel": f"{errand.team}/{errand.channel}" if errand.channel else "",
        "reason": why or (said.text if step == "refused" else ""),
        **({} if errand.team else {"text": said.text, "code": said.code}),
    }
    return _record(prefix, step, f"{errand.id}/{step}", errand.person, _given(errand) | more, at=at, key=errand.person)


def unheard(prefix: str, step: str, errand: Errand, reason: str, *, at: float) -> Outgoing:
    """The record of a reply that Kafka did not take: the command goes on without it.

    Args:
        prefix: topic prefix.
        step: of the reply.
        errand: the command.
        reason: why it was not taken.
        at: when, seconds since 1970.
    """
    name, more = f"{errand.id}/{step}/unheard", {"sink": errand.replies, "reason": f"{step}: {reason}"}
    return _record(prefix, "unheard", name, errand.person, _given(errand) | more, at=at, key=errand.person)


def warned(prefix: str, errand: Errand, machine: Leased, said: Wording, *, at: float, reason: str = "") -> Outgoing:
    """The record of a warning that a lease ends.

    Args:
        prefix: topic prefix.
        errand: in the name of which the owner hears of it.
        machine: which.
        said: what was said.
        at: when, seconds since 1970.
        reason: why nobody has heard of it; empty when the owner has.
    """
    more = {
        "actionId": errand.id,
        "entity": {"vcenter": machine.vcenter, "moref": machine.moref, "name": machine.name},
        "owner": machine.owner,
        "text": said.text,
        "reason": reason,
    }
    return _record(prefix, "warned", f"{errand.id}/warned", machine.key, _given(errand) | more, at=at, key=machine.key)


def disbelieved(prefix: str, event: CloudEvent, reason: str, *, at: float) -> Outgoing:
    """The record of a command that nobody who is known has given; nothing of what it says is quoted."""
    return strange(prefix, named(event.source, event.id), reason, at=at)


def named(source: str, id: str) -> str:  # noqa: A002 - the attribute
    """How a record says which command it is about that is nobody's."""
    return f"{source[:200]} {id[:200]}"


def failed(prefix: str, event: CloudEvent, reason: str, *, at: float) -> Outgoing:
    """The record of a command that was given up here; whose it is was perhaps not looked at, so nothing is quoted."""
    return _about(prefix, "failed", named(event.source, event.id), reason, at=at)


def strange(prefix: str, about: str, reason: str, *, at: float) -> Outgoing:
    """The record of something among the commands that is none, or nobody's.

    Args:
        prefix: topic prefix.
        about: what names it: source and id, or where it lies.
        reason: why it was not believed.
        at: when, seconds since 1970.
    """
    return _about(prefix, "disbelieved", about, reason, at=at)


def _about(prefix: str, step: str, about: str, reason: str, *, at: float) -> Outgoing:
    return _record(prefix, step, about, about, {"reason": reason, "about": about}, at=at)


def _given(errand: Errand) -> dict[str, Any]:
    """Who has given which command."""
    return {"actor": errand.person, "command": errand.model_dump(include={"id", "verb", "said", "person"})}


def _record(
    prefix: str, step: str, name: str, subject: str, data: dict[str, Any], *, at: float, key: str | None = None
) -> Outgoing:
    return notice(
        topics.audit(prefix),
        f"{KIND}{step}",
        name=name,
        source=f"/{topics.group(prefix, topics.COMMAND)}",
        subject=subject,
        now=datetime.fromtimestamp(at, UTC),
        data=data,
        partitionkey=key,
    )
