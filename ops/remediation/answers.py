"""A person's answer to what is parked: signed, published, and what became of it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from clients.kafka.record import Outgoing
from ops.remediation.parked import Parked
from ops.remediation.publishing import publish
from schemas import topics
from schemas.config.keyfile import ring
from schemas.errors import Refused
from schemas.remediation.answer import Answer
from streams.trail.reader import Trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Config, KafkaConfig
    from schemas.keys import Key
    from schemas.remediation.decision import Decision
    from streams.trail.entry import Entry

LOOK: Final = 0.2

_IN_VAIN: Final = frozenset({"unanswered", "disbelieved"})
"""Steps that say of an answer, by its place, that it has changed nothing: a guardrail's no, or our signature's."""

Outcome = Literal["approved", "refused", "unchanged", "unheard"]


class Answered(NamedTuple):
    """What became of one answer.

    Attributes:
        id: of the request.
        outcome: what the request is now; ``unchanged``: the answer was not accepted; ``unheard``: nobody has dealt
            with it yet.
        by: whose word that is; empty for nobody's.
        reason: in words; may be empty.
        dry_run: whether what was approved is only planned.
    """

    id: str
    outcome: Outcome
    by: str = ""
    reason: str = ""
    dry_run: bool = False


def keys(config: Config) -> tuple[Key, ...]:
    """What answers are signed with.

    Raises:
        Refused: nothing is configured, or it cannot be read.
    """
    secret = config.remediation.answer_key
    if secret is None:
        raise Refused(
            "an answer must be signed, and remediation.answer_key is not configured",
            cure="write a key with: openssl rand -base64 32 > answer.key; name it as remediation.answer_key_file, here "
            "and where role decide runs, and let nobody else read it",
        )
    return ring(secret)


def answer(
    config: Config, parked: Sequence[Decision], *, approve: bool, person: str, reason: str, within: float
) -> list[Answered]:
    """Answer requests, and wait for what becomes of them.

    Args:
        config: the whole configuration.
        parked: decisions with their requests, each once.
        approve: yes.
        person: who answers.
        reason: in their words, without secrets.
        within: seconds to wait.

    Returns:
        One for each, in their order.

    Raises:
        Refused: there is no key, or an ACL is missing.
        Unreachable: the brokers are away.
    """
    signing, kafka = keys(config), config.kafka
    topic = topics.requests(kafka.prefix, urgent=True)
    records = [
        Outgoing(topic, _signed(each, signing, approve, person, reason).encode(), _scope(each).encode())
        for each in parked
    ]
    with Trail(kafka, None) as trail:
        positions = asyncio.run(publish(kafka, records))
        places = {
            f"{topic}/{position.partition}/{position.offset}": each.id
            for each, position in zip(parked, positions, strict=True)
        }
        known = _heard(trail, places, within)
    return [known.get(each.id) or Answered(each.id, "unheard") for each in _looked_up(kafka, parked, known)]


def _signed(parked: Decision, signing: Sequence[Key], approve: bool, person: str, reason: str) -> Answer:  # noqa: FBT001
    given = Answer(id=parked.id, scope=_scope(parked), approve=approve, person=person, reason=reason, at=time.time())
    return given.signed(signing)


def _scope(parked: Decision) -> str:
    assert parked.request is not None  # noqa: S101 - what is parked has one
    return parked.request.scope


def _heard(trail: Trail, places: dict[str, str], within: float) -> dict[str, Answered]:
    until, found = monotonic() + within, dict[str, Answered]()
    while len(found) < len(places) and monotonic() < until:
        for entry in trail.read(LOOK):
            told = _told(entry, places)
            if told is not None:
                found.setdefault(told.id, told)
    return found


def _told(entry: Entry, places: dict[str, str]) -> Answered | None:
    """What an entry of the audit says of one of the answers at these places."""
    if not entry.kind.startswith("remediation."):
        return None
    if entry.step in _IN_VAIN and (id_ := places.get(entry.text("place"))) is not None:
        return Answered(id_, "unchanged", entry.text("actor"), entry.reason)
    if entry.step in {"approved", "refused"} and entry.action_id in places.values():
        outcome: Outcome = "approved" if entry.step == "approved" else "refused"
        dry_run = entry.data.get("dryRun") is True
        return Answered(entry.action_id, outcome, entry.text("approver"), entry.reason, dry_run)
    return None


def _looked_up(kafka: KafkaConfig, parked: Sequence[Decision], known: dict[str, Answered]) -> Sequence[Decision]:
    """Look into the changelog for what the audit has not told; adds to ``known``."""
    missing = [each.id for each in parked if each.id not in known]
    decisions = Parked(kafka).decisions if missing else {}
    for id_ in missing:
        decision = decisions.get(id_)
        if decision is not None and decision.verdict != "parked":
            known[id_] = settled(decision)
    return parked


def settled(decision: Decision) -> Answered:
    """What a decision that is parked no more says."""
    outcome: Outcome = "approved" if decision.verdict == "approved" else "refused"
    return Answered(decision.id, outcome, decision.approver, decision.reason, decision.dry_run)


def is_open(decision: Decision) -> bool:
    """Whether it can be answered now."""
    now = datetime.now(UTC).timestamp()
    return decision.verdict == "parked" and decision.request is not None and (decision.expires or 0) > now
