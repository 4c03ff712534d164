"""What somebody hears who has asked for an action in person: on its way to the sink that answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.notice import notice
from schemas import topics
from schemas.commands.reply import TYPE, Reply
from streams.commands import wording
from streams.commands.facts import Facts
from streams.commands.placement import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.kafka.record import Outgoing
    from schemas.commands.errand import Errand
    from schemas.remediation.request import Request
    from streams.commands.wording import Step, Wording

HEARD: Final = frozenset({"parked", "approved", "refused", "planned", "succeeded", "failed", "unknown"})
"""Steps that are told; that an action was asked for, or has begun, is no news between two of these."""


def replied(
    prefix: str, role: str, step: str, request: Request, *, at: float, more: Mapping[str, Any]
) -> tuple[Outgoing, ...]:
    """The record that tells of one step; none where nobody waits for it. As ``streams.remediation.audit.told``.

    That something was approved is told where it had been parked.
    """
    errand = request.errand
    if errand is None or not errand.replies or step not in HEARD or (step == "approved" and "approver" not in more):
        return ()
    said = wording.reply(_step(step), _facts(errand, request, more))
    cause = request.cause
    ask = request.id if step == "parked" else ""
    given = reply(errand, said, id=request.id, step=step, source=cause.source, event=cause.id, at=at, ask=ask)
    return (outgoing(prefix, role, errand.replies, given),)


def reply(
    errand: Errand,
    said: Wording,
    *,
    id: str,  # noqa: A002 - the attribute
    step: str,
    source: str,
    event: str,
    at: float,
    ask: str = "",
) -> Reply:
    """What is said, with the way back to whoever has given the command."""
    return Reply(
        id=id,
        step=step,
        text=said.text,
        code=said.code,
        final=said.final,
        visible=said.visible,
        ask=ask,
        team=errand.team,
        channel=errand.channel,
        user=errand.user,
        address=errand.address,
        source=source,
        event=event,
        at=at,
    )


def outgoing(prefix: str, role: str, sink: str, given: Reply) -> Outgoing:
    """The record of a reply: those of one action stay in order."""
    return notice(
        topics.sink(prefix, sink),
        TYPE,
        name=f"{given.id}/{given.step}",
        source=f"/{topics.group(prefix, role)}",
        subject=given.step,
        now=datetime.fromtimestamp(given.at, UTC),
        data={"v": Reply.version, **given.model_dump(mode="json")},
        partitionkey=given.id,
    )


def _step(step: str) -> Step:
    return step  # type: ignore[return-value]  # of HEARD


def _facts(errand: Errand, request: Request, more: Mapping[str, Any]) -> Facts:
    lease, expires = request.parameters.get("lease"), more.get("expires")
    source = request.parameters.get("source")
    return Facts(
        verb=errand.verb,
        id=request.id,
        vm=errand.vm,
        said=errand.said,
        source=source if isinstance(source, str) else "",
        reason=str(more.get("reason", "")),
        rule=str(more.get("rule", "")),
        changes=tuple(more.get("changes", ())),
        until=instant(expires) if expires else lease if isinstance(lease, str) else "",
        approver=str(more.get("approver", "")),
    )
