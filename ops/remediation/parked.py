"""What was decided, and what waits for a person, read from the changelog of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.snapshot import Snapshot
from schemas import topics
from schemas.config.names import nearest
from schemas.errors import ReflexarcError
from schemas.remediation.decision import Decision
from schemas.remediation.model import InvalidRemediation

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.config import KafkaConfig

SHOWN = 10
"""Ids that an error names, at most."""


class Parked:
    """Every decision that is remembered, as the changelog holds it now.

    Attributes:
        decisions: by the id of the request; those of the last days.

    Raises:
        Refused: there is no such topic, or an ACL is missing.
        Unreachable: the brokers are away.
    """

    def __init__(self, config: KafkaConfig) -> None:
        self.decisions: dict[str, Decision] = {}
        client_id = topics.group(config.prefix, topics.OPERATOR)
        with Snapshot(config, topics.decisions(config.prefix), client_id=client_id) as snapshot:
            for _, stored in snapshot.read():
                self._note(stored.key or b"", stored.value)

    def waiting(self, now: datetime) -> list[Decision]:
        """What may be answered still, what expires first in front."""
        at = now.timestamp()
        waiting = [each for each in self.decisions.values() if each.verdict == "parked" and (each.expires or 0) > at]
        return sorted(waiting, key=lambda each: (each.expires or 0, each.id))

    def named(self, name: str, now: datetime) -> Decision:
        """The decision with this id, or with the only one that begins so.

        Raises:
            ReflexarcError: there is none, or there are several; the cure names some.
        """
        if name in self.decisions:
            return self.decisions[name]
        waiting = [each.id for each in self.waiting(now)]
        for ids in (waiting, sorted(self.decisions)):
            found = [each for each in ids if name and each.startswith(name)]
            if len(found) > 1:
                raise ReflexarcError(
                    f"several requests begin with {name}", cure=f"write more of it: {', '.join(found[:SHOWN])}"
                )
            if found:
                return self.decisions[found[0]]
        raise ReflexarcError(f"no request is called {name}", cure=_others(name, waiting))

    def _note(self, key: bytes, value: bytes | None) -> None:
        if value is None:
            _, _, id_ = key.partition(b"/")
            self.decisions.pop(id_.decode(errors="replace"), None)
            return
        try:
            decision = Decision.decode(value)
        except InvalidRemediation:
            return  # of a newer release
        self.decisions[decision.id] = decision


def _others(name: str, waiting: list[str]) -> str:
    if not waiting:
        return "nothing waits for an answer"
    if close := nearest(name, waiting):
        return f"did you mean {close}?"
    more = f" and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
    return f"these wait for an answer: {', '.join(waiting[:SHOWN])}{more}"
