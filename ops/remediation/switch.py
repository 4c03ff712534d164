"""The kill switch, turned by an operator; and whether every worker that lives has seen it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from clients.kafka.record import Outgoing
from ops import audit
from ops.remediation.panel import Panel
from ops.remediation.publishing import publish
from schemas import topics
from schemas.control import REMEDIATION, UNREADABLE, Pause
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.config import KafkaConfig
    from schemas.heartbeat import Heartbeat, Worker


class Turned(NamedTuple):
    """What came of it.

    Attributes:
        pause: that holds now; None when actions go on.
        anew: whether this call has changed anything.
        confirmed: workers that go by it.
        missing: workers that live, and have not said so in time.
        silent: workers that are taken for dead, with their last word; without those that are known to be gone.
        untold: why the audit was not told; empty when it was, or had not to be.
    """

    pause: Pause | None
    anew: bool
    confirmed: tuple[Worker, ...] = ()
    missing: tuple[Worker, ...] = ()
    silent: tuple[tuple[Worker, Heartbeat], ...] = ()
    untold: str = ""


def pause(config: KafkaConfig, *, actor: str, reason: str, within: float, gone: Collection[str] = ()) -> Turned:
    """Stop all actions, and wait until every worker that lives has seen that.

    Who has stopped them already stays known, with the reason; whether that was seen is waited for all the same.

    Args:
        config: the ``kafka`` part of the configuration.
        actor: who wants it.
        reason: why; may be empty.
        within: seconds to wait.
        gone: workers, as ``role/instance``, that somebody knows to have ended: those of them that are silent are
            forgotten. One that is not goes on to be waited for.

    Raises:
        Refused: a topic or an ACL is missing.
        Unreachable: the brokers are away.
        ReflexarcError: somebody has turned it back meanwhile.
    """
    now = datetime.now(UTC)
    with Panel(config) as panel:
        known, untold = panel.pause, ""
        anew = known is None or known == UNREADABLE
        if anew:
            known = Pause(actor=actor, reason=reason, since=now)
            untold = _turn(config, known, actor, reason, now)
        _await(panel, known, now, within)
        live = panel.live(now)
        confirmed = tuple(worker for worker, seen in live.items() if seen)
        missing = tuple(worker for worker, seen in live.items() if not seen)
        silent = panel.silent(now)
        ended = [worker for worker in silent if str(worker) in gone]
        if ended:
            topic = topics.control(config.prefix)
            asyncio.run(publish(config, [Outgoing(topic, None, worker.key) for worker in ended]))
        left = tuple((worker, beat) for worker, beat in silent.items() if worker not in ended)
        return Turned(known, anew, confirmed, missing, left, untold)


def resume(config: KafkaConfig, *, actor: str, reason: str) -> Turned:
    """Let actions go on; arguments and errors as for ``pause``."""
    with Panel(config) as panel:
        if panel.pause is None:
            return Turned(None, anew=False)
    return Turned(None, anew=True, untold=_turn(config, None, actor, reason, datetime.now(UTC)))


def _await(panel: Panel, pause: Pause | None, now: datetime, within: float) -> None:
    until = monotonic() + within
    while panel.pause != pause or not all(panel.live(now).values()):
        if monotonic() > until:
            break
        panel.read()
    if panel.pause != pause:
        raise ReflexarcError("somebody else has turned the switch meanwhile", cure="see `reflexarc remediation status`")


def _turn(config: KafkaConfig, pause: Pause | None, actor: str, reason: str, now: datetime) -> str:
    """Write the record; why the audit was not told, if it was not."""
    value = None if pause is None else pause.encode()
    asyncio.run(publish(config, [Outgoing(topics.control(config.prefix), value, REMEDIATION)]))
    kind = audit.REMEDIATION_RESUMED if pause is None else audit.REMEDIATION_PAUSED
    try:
        asyncio.run(publish(config, [audit.switched(config.prefix, kind, actor=actor, reason=reason, now=now)]))
    except ReflexarcError as error:
        return str(error)
    return ""
