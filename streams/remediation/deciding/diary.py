"""What is taken back at a time, or followed by something: asked for when it is due, and again until it was done."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import kafka
from schemas.remediation.appointment import Appointment
from schemas.remediation.request import UNDO
from schemas.remediation.undo import source
from sinks.remediation.undoing import event_of
from streams.remediation.following import followed, following
from streams.remediation.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from schemas.keys import Key
    from schemas.remediation.decision import Decision
    from schemas.remediation.outcome import Outcome
    from streams.remediation.voice import Voice
    from streams.transport.app import TransportApp

FIRST: Final = 300.0
LONGEST: Final = 3600.0
"""Seconds from one attempt to the next: the first pause, and the longest that it doubles up to."""

LAST: Final = 7 * 86_400.0
"""Seconds after its time beyond which it is tried no more; then the audit says so, and the events do."""

DAILY: Final = 86_400.0
PATIENT: Final = 30 * 86_400.0
"""The same of what follows an action: a person has to agree to it, who may be on holiday."""

log = logging.getLogger(__name__)


class Diary:
    """The appointments of the partitions that are ours, by id.

    Args:
        voice: tells what is not asked for.
        app: gets the table; it must not have started.
        ring: keys that what is asked for is signed with.
        sinks: names of those that can be asked.
    """

    def __init__(
        self, voice: Voice, app: TransportApp, ring: Callable[[], Sequence[Key]], sinks: Collection[str]
    ) -> None:
        self._voice = voice
        self._prefix = prefix = voice.prefix
        self._ring = ring
        self._sinks = sinks
        self._kept = Kept(
            app, topics.APPOINTMENTS, topics.appointments(prefix), Appointment, lambda appointment: appointment.id
        )

    def left(self, number: int) -> dict[str, Appointment]:
        """What former owners of a partition have left; see ``Kept.left``."""
        return {each.id: each for each in self._kept.left(number)}

    def unclaimed(self) -> set[int]:
        """Partitions with appointments that wait for somebody to look after them."""
        return self._kept.unclaimed()

    def hear(
        self, number: int, entries: dict[str, Appointment], outcome: Outcome, decision: Decision
    ) -> list[Outgoing]:
        """Note what an action has to be followed by, and strike out what has been done.

        Args:
            number: of the partition.
            entries: its appointments; changed.
            outcome: of an action, heard for the first time.
            decision: on it.

        Returns:
            The changes of the table, to be stored with the outcome.
        """
        changes = []
        if outcome.appointment is not None:
            entries[outcome.appointment.id] = outcome.appointment
            changes.append(self._kept.change(number, outcome.appointment))
        done = self._done(entries, outcome, decision)
        if done is not None and entries.pop(done, None) is not None:
            changes.append(self._kept.drop(number, done))
        return changes

    def _done(self, entries: dict[str, Appointment], outcome: Outcome, decision: Decision) -> str | None:
        """The id of the action that nothing is left to be done for."""
        if outcome.state == "succeeded" and (done := taken_back(self._prefix, decision)) is not None:
            return done
        done = followed(self._prefix, decision) if outcome.state == "succeeded" else None
        entry = None if done is None else entries.get(done)
        return done if entry is not None and entry.request is not None else None

    def ask(self, number: int, entries: dict[str, Appointment], now: float) -> None:
        """Have everything that is due asked for.

        Args:
            number: of the partition.
            entries: its appointments; changed.
            now: seconds since 1970.
        """
        for due in [each for each in entries.values() if each.at <= now]:
            if now > due.due + (PATIENT if due.request is not None else LAST):
                why = self._hindrance(due, self._ring()) or "no attempt has succeeded in time"
                log.warning("action %s is not %s: %s", due.id, _fate(due), why)
                del entries[due.id]
                told = self._voice.due("abandoned", due, f"it is not {_fate(due)}: {why}", at=now)
                self._kept.tell(number, [self._kept.drop(number, due.id), *told])
                continue
            pause = DAILY if due.request is not None else min(FIRST * 2.0 ** min(due.tries, 10), LONGEST)
            entries[due.id] = later = due.model_copy(update={"at": now + pause, "tries": due.tries + 1})
            self._kept.put(number, later, self._asking(due, now))

    def _asking(self, due: Appointment, now: float) -> Sequence[Outgoing]:
        ring = self._ring()
        if why := self._hindrance(due, ring):
            log.warning("action %s is not %s yet: %s", due.id, _fate(due), why)
            return self._voice.due("postponed", due, f"it is not {_fate(due)} yet: {why}", at=now)
        if due.undo is not None:
            event = event_of(self._prefix, due.undo.model_copy(update={"at": now}).signed(ring), due.entity)
            message = kafka.to_binary(event)
            key = kafka.partition_key(event)
            return [Outgoing(topics.sink(self._prefix, due.undo.sink), message.value, key, tuple(message.headers))]
        assert due.request is not None  # noqa: S101 - it has one of the two
        asked = following(self._prefix, due.request, number=due.tries, now=now).signed(ring)
        return [Outgoing(topics.requests(self._prefix), asked.encode(), asked.scope.encode())]

    def _hindrance(self, due: Appointment, ring: Sequence[Key]) -> str | None:
        if not due.known:
            return "only a newer release knows what it leads to"
        if not ring:
            return "there is no remediation.answer_key"
        if due.undo is not None and due.undo.sink not in self._sinks:
            return f"no remediation sink is called {due.undo.sink} any more"
        return None


def _fate(due: Appointment) -> str:
    if due.undo is not None:
        return "taken back"
    return "followed by what was asked for" if due.known else "followed by anything"


def taken_back(prefix: str, decision: Decision) -> str | None:
    """The id of the action that a decision is to take back; None when it is to do something else."""
    if decision.slot is None or not decision.slot.action.startswith(UNDO) or decision.source != source(prefix):
        return None
    return decision.event.partition("/")[0]
