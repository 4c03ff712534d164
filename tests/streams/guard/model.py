"""What may happen, worked out from all that has happened: slow, and with nothing in common with the guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from schemas.remediation.request import Request

COOL_DOWN, MAX_AGE, MAX_OFFSET, EXPIRES = 60, 100, 10, 80
RADIUS = {"cluster": (3, 100), "vcenter": (4, 200)}
FAILURES, OPEN_FOR = 2, 50
DAY = 86_400

NO_COOL_DOWN = {"free"}
"""Sinks without one, and so with no eye for what is parked."""

BY_A_PERSON = {"reset"}
"""Sinks whose actions need approval, whoever sends the event; ``cut`` needs it for an event that is no vCenter's."""


class Approval(NamedTuple):
    """One action that was let through."""

    id: str
    request: Request
    at: float


@dataclass
class Model:
    """Everything that happened.

    Attributes:
        approvals: in their order.
        ends: of approvals: state, and when.
        parked: what waits, and until when.
        final: verdicts that were given for good.
        denied: names that may not be acted on now.
        paused: whether the kill switch is pressed.
    """

    approvals: list[Approval] = field(default_factory=list)
    ends: dict[str, tuple[str, float]] = field(default_factory=dict)
    parked: dict[str, tuple[Request, float]] = field(default_factory=dict)
    final: dict[str, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    paused: bool = False

    def objections(self, asked: Request, now: float, *, again: bool = False) -> set[str]:
        """Guarantees that acting on a request now would break."""
        lasting = {"deny": self._denied(asked), "kill switch": self.paused, "cool-down": self._cools(asked, now)}
        lasting |= {"maintenance": self._occupied(asked), "circuit": self._failing(asked, now)}
        lasting |= {"blast radius": self._crowded(asked, now)}
        if not again:
            lasting |= {"age": self._old(asked, now), "replay": asked.cause.replayed, "own events": asked.cause.own}
            lasting |= {"twice": any(asked.id == each.id for each in self.approvals)}
            lasting |= {"parked twice": self._waits(asked)}
        return {name for name, broken in lasting.items() if broken}

    def asks(self, asked: Request) -> bool:
        """Whether a person has to agree."""
        return asked.sink in BY_A_PERSON or (asked.sink == "cut" and asked.cause.vcenter is None)

    def _denied(self, asked: Request) -> bool:
        name = _entity(asked).name
        return name in self.denied or name.startswith("db-") or "reflexarc/protected" in (_entity(asked).tags or ())

    def _old(self, asked: Request, now: float) -> bool:
        cause, offset = asked.cause, asked.clock_offset
        if cause.time is None or (cause.vcenter and offset is None) or abs(offset or 0) > MAX_OFFSET:
            return True
        happened = cause.time - (offset or 0 if cause.vcenter else 0)
        return not -MAX_OFFSET <= now - happened <= MAX_AGE

    def _waits(self, asked: Request) -> bool:
        return asked.sink not in NO_COOL_DOWN and any(_pair(asked) == _pair(each) for each, _ in self.parked.values())

    def _cools(self, asked: Request, now: float) -> bool:
        return asked.sink not in NO_COOL_DOWN and any(
            now - min(now, self.ends[each.id][1] if each.id in self.ends else each.at + DAY) < COOL_DOWN
            for each in self.approvals
            if _pair(each.request) == _pair(asked)
        )

    def _crowded(self, asked: Request, now: float) -> bool:
        where = _entity(asked)
        urgent = asked.action == "disconnect-vnic"
        alike = [each for each in self.approvals if (each.request.action == "disconnect-vnic") is urgent]
        within = {per: [each for each in alike if now - each.at < RADIUS[per][1]] for per in RADIUS}
        places = [(_entity(each.request).vcenter, _entity(each.request).cluster) for each in within["cluster"]]
        vcenters = [_entity(each.request).vcenter for each in within["vcenter"]]
        full = places.count((where.vcenter, where.cluster)) >= RADIUS["cluster"][0]
        return full or vcenters.count(where.vcenter) >= RADIUS["vcenter"][0]

    def _occupied(self, asked: Request) -> bool:
        host = _entity(asked)
        if asked.action != "enter-maintenance":
            return False
        return any(
            (other.vcenter, other.cluster) == (host.vcenter, host.cluster) and other.key != host.key
            for other in (
                _entity(each.request)
                for each in self.approvals
                if each.request.action == "enter-maintenance"
                and self.ends.get(each.id, ("",))[0] not in {"failed", "refused", "planned"}
                and not self._left(_entity(each.request).key, each.at)
            )
        )

    def _left(self, host: str, entered: float) -> bool:
        return any(
            each.request.action == "exit-maintenance"
            and _entity(each.request).key == host
            and each.at > entered
            and self.ends.get(each.id, ("",))[0] == "succeeded"
            for each in self.approvals
        )

    def _failing(self, asked: Request, now: float) -> bool:
        of_sink = [each.id for each in self.approvals if each.request.sink == asked.sink]
        states = [self.ends[each] for each in of_sink if each in self.ends and self.final.get(each) == "approved"]
        ends = sorted((at, state in {"failed", "unknown"}, state) for state, at in states)
        failures: list[float] = []
        for at, failed, state in ends:
            if failed:
                failures.append(at)
            elif state in {"succeeded", "planned"}:
                failures.clear()
        return len(failures) >= FAILURES and now - failures[-1] < OPEN_FOR


def _entity(asked: Request) -> Any:
    return asked.entity


def _pair(asked: Request) -> tuple[str, str]:
    return asked.action, _entity(asked).key
