"""The edge of a vSphere alarm: AlarmStatusChangedEvent, from one status to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.filters.attribute import OneOf
from streams.filters.condition import AllOf, Finding, Needs
from streams.filters.texts import Texts
from streams.filters.view import MISSING
from streams.filters.words import saw

if TYPE_CHECKING:
    from schemas.config import AlarmConfig
    from streams.filters.compilation import At, Compilation
    from streams.filters.condition import Condition
    from streams.filters.view import View

SUBJECT: Final = "AlarmStatusChangedEvent"


@dataclass(frozen=True, slots=True)
class Edge:
    """Of an alarm that changed its status: which alarm, from what, to what; None stands for any."""

    name: Texts | None
    before: frozenset[str] | None
    after: frozenset[str] | None

    @property
    def needs(self) -> Needs:
        """The data."""
        return Needs.DATA

    def holds(self, view: View) -> bool:
        """Whether it is that change."""
        return self._failure(view) is None

    def finding(self, view: View) -> Finding:
        """What is not as it should be, first of all."""
        return self._failure(view) or Finding("alarm", "differs", "the alarm's change")

    def _failure(self, view: View) -> Finding | None:
        name, before, after = _change(view.data)
        if self.name is not None and not (isinstance(name, str) and self.name.allow(name)):
            return Finding("alarm.name", f"is {self.name}", saw(name))
        if self.before is not None and before not in self.before:
            return Finding("alarm.from", f"is {_any(self.before)}", saw(before))
        if self.after is not None and after not in self.after:
            return Finding("alarm.to", f"is {_any(self.after)}", saw(after))
        return None


def compile_alarm(given: AlarmConfig, at: At, compilation: Compilation) -> Condition | None:
    """``match.alarm``; a change must be able to happen.

    The subject is a condition of its own, so that events of others cost nothing.
    """
    if given.from_ is not None and given.to is not None and len({*given.from_, *given.to}) == 1:
        compilation.fault((*at, "to"), "lies within from, so that nothing changes", "name another status")
        return None
    subject = OneOf("subject", Texts(frozenset({SUBJECT})))
    if given.name is None and given.from_ is None and given.to is None:
        return subject
    edge = Edge(
        Texts.compile(given.name, (*at, "name"), compilation) if given.name else None,
        frozenset(given.from_) if given.from_ is not None else None,
        frozenset(given.to) if given.to is not None else None,
    )
    return AllOf((subject, edge))


def _change(data: Any) -> tuple[Any, Any, Any]:
    """Name of the alarm, status before and after; ``MISSING`` for what is not there or is no text."""
    if not isinstance(data, dict):
        return MISSING, MISSING, MISSING
    alarm = data.get("Alarm")
    name = alarm.get("Name", MISSING) if isinstance(alarm, dict) else MISSING
    before, after = (data.get(key, MISSING) for key in ("From", "To"))
    return name, before if isinstance(before, str) else MISSING, after if isinstance(after, str) else MISSING


def _any(statuses: frozenset[str]) -> str:
    return " or ".join(sorted(statuses))
