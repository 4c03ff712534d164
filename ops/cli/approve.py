"""``reflexarc remediation pending``, ``approve`` and ``refuse``: what waits for a person, and the person's answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from ops.cli.actor import Reason, word
from ops.cli.context import load_config
from ops.cli.output import emit, listing, printable
from ops.cli.switch import Json, Within  # noqa: TC001 - typer reads annotations
from schemas.config import Redactor
from schemas.config.units import format_duration
from schemas.epoch import written
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.remediation.answers import Answered
    from schemas.config import Config
    from schemas.remediation.decision import Decision

Ids = Annotated[list[str], typer.Argument(help="Ids as `pending` shows them, or how one of them begins.")]


def pending(ctx: typer.Context, json: Json = False) -> None:
    """Show the requests that wait for a person, what expires first in front.

    Reads what is remembered of all decisions.
    """
    from ops.remediation.parked import Parked

    config, now = load_config(ctx), datetime.now(UTC)
    check_there_is_any(config)
    waiting = Parked(config.kafka).waiting(now)
    columns = ("id", "action", "target", "cause", "requester", "expires in", "why")
    blank = Redactor().redact
    emit(
        orjson.loads(blank(orjson.dumps([_data(each) for each in waiting]).decode())),
        json=json,
        table=lambda: listing("Requests that wait for an answer", columns, (_row(each, now) for each in waiting)),
    )


def approve(ctx: typer.Context, ids: Ids, reason: Reason = "", within: Within = 10.0) -> None:
    """Approve requests, as the user of the operating system; not one's own.

    The guardrails are asked once more. Says what became of each; exit code 1 when one was not approved, 3 when nobody
    has dealt with it in time.
    """
    _answer(ctx, ids, approve=True, reason=reason, within=within)


def refuse(ctx: typer.Context, ids: Ids, reason: Reason = "", within: Within = 10.0) -> None:
    """Refuse requests, as the user of the operating system; also one's own.

    Exit code 1 when one was approved already, 3 when nobody has dealt with the answer in time.
    """
    _answer(ctx, ids, approve=False, reason=reason, within=within)


def check_there_is_any(config: Config) -> None:
    """See that a sink asks for actions.

    Raises:
        ReflexarcError: none does.
    """
    from schemas import topics

    if not topics.remedied(config):
        raise ReflexarcError("no sink is of type remediation, so nothing asks for actions", cure="add one below sinks:")


def _answer(ctx: typer.Context, ids: Sequence[str], *, approve: bool, reason: str, within: float) -> None:
    from ops.actor import person
    from ops.remediation.answers import answer, is_open, keys, settled
    from ops.remediation.parked import Parked

    config = load_config(ctx)
    check_there_is_any(config)
    keys(config)
    parked, now = Parked(config.kafka), datetime.now(UTC)
    wanted = {each.id: each for each in (parked.named(name, now) for name in ids)}
    open_ = [each for each in wanted.values() if is_open(each)]
    late = [_over(each) if each.verdict == "parked" else settled(each) for each in wanted.values() if each not in open_]
    said = word(person(), reason)
    done = answer(config, open_, approve=approve, person=said.actor, reason=said.reason, within=within) if open_ else []
    for each in (*late, *done):
        typer.echo(printable(Redactor().redact(_line(each))))
    _end(done, late, approve=approve, within=within)


def _over(decision: Decision) -> Answered:
    from ops.remediation.answers import Answered

    return Answered(decision.id, "unchanged", reason="the time to answer it is over")


def _end(done: Sequence[Answered], late: Sequence[Answered], *, approve: bool, within: float) -> None:
    """End with the code that fits."""
    unheard = [each.id for each in done if each.outcome == "unheard"]
    if unheard:
        raise Unreachable(
            f"nobody has dealt with the answer to {', '.join(unheard)} within {format_duration(within)}",
            cure="it lies in Kafka, and counts when a worker of role decide comes to it within a minute; see "
            "`reflexarc remediation status`",
        )
    wanted = "approved" if approve else "refused"
    if any(each.outcome != wanted for each in done) or late:
        raise typer.Exit(1)


def _line(each: Answered) -> str:
    by = f" by {each.by}" if each.by else ""
    why = f": {each.reason}" if each.reason else ""
    if each.outcome == "approved":
        return f"{each.id} approved{by}{' (dry run: it is only planned)' if each.dry_run else ''}{why}"
    if each.outcome == "refused":
        return f"{each.id} refused{by}{why}"
    if each.outcome == "unchanged":
        return f"{each.id} unchanged{why}"
    return f"{each.id} not answered yet"


def _data(each: Decision) -> dict[str, Any]:
    request = each.request
    return {
        "id": each.id,
        "sink": each.sink,
        "action": request.action if request else "",
        "parameters": request.parameters if request else {},
        "target": request.entity.model_dump(mode="json") if request and request.entity else None,
        "cause": request.cause.model_dump(mode="json", exclude={"data"}) if request else None,
        "requester": request.requester if request else "",
        "parked": _date(each.at),
        "expires": _date(each.expires or 0),
        "dry_run": each.dry_run,
        "why": each.reason,
    }


def _row(each: Decision, now: datetime) -> list[str]:
    request = each.request
    action = request.action if request else "-"
    left = max(0, round((each.expires or 0) - now.timestamp()))
    cells = (
        each.id,
        f"{action} (dry run)" if each.dry_run else action,
        str(request.entity) if request else "-",
        f"{request.cause.subject or request.cause.type}, {request.cause.source} {request.cause.id}" if request else "-",
        request.requester if request else "-",
        format_duration(left),
        each.reason,
    )
    return [printable(Redactor().redact(cell)) for cell in cells]


def _date(at: float) -> str:
    return written(datetime.fromtimestamp(at, UTC), "seconds")
