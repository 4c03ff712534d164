"""What somebody hears who has asked for an action in person: on its way to the sink that answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.notice import notice
from schemas import topics
from schemas.commands.reply import TYPE, Reply
from streams.commands import leases, wording
from streams.commands.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.kafka.record import Outgoing
    from schemas.commands.errand import Errand
    from schemas.remediation.request import Request
    from streams.commands.wording import Step, Wording

HEARD: Final = frozenset({"parked", "approved", "refused", "progress", "planned", "succeeded", "failed", "unknown"})
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
    facts = _facts(errand, request, more)
    said = leases.reply(_step(step), facts) or wording.reply(_step(step), facts)
    return (reply(prefix, role, errand, said, step=step, at=at, ask=request.id if step == "parked" else ""),)


def reply(prefix: str, role: str, errand: Errand, said: Wording, *, step: str, at: float, ask: str = "") -> Outgoing:
    """The record of what is said of a command; those of one command stay in order.

    Args:
        prefix: topic prefix.
        role: who says it.
        errand: the command; it has ``replies``.
        said: what.
        step: how far the command is.
        at: when, seconds since 1970.
        ask: id of a parked request that the person may have others answer; empty for none.
    """
    given = Reply(
        id=errand.id,
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
        source=errand.source,
        event=errand.event,
        at=at,
    )
    return notice(
        topics.sink(prefix, errand.replies),
        TYPE,
        name=f"{given.id}/{given.step}" if step != "progress" else f"{given.id}/{given.step}/{at:.0f}",
        source=f"/{topics.group(prefix, role)}",
        subject=given.step,
        now=datetime.fromtimestamp(given.at, UTC),
        data={"v": Reply.version, **given.model_dump(mode="json")},
        partitionkey=given.id,
    )


def _step(step: str) -> Step:
    return step  # type: ignore[return-value]  # of HEARD


def _until(request: Request) -> str:
    """What the cause of a request knows to follow it; empty where it does not say."""
    said = request.cause.data
    found = said.get("until") if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""


def _facts(errand: Errand, request: Request, more: Mapping[str, Any]) -> Facts:
    return Facts.of(
        verb=errand.verb,
        id=request.id,
        vm=errand.vm,
        vcenter=request.entity.vcenter if request.entity else "",
        said=errand.said,
        until=_until(request),
        parameters=request.parameters,
        more=dict(more),
    )
