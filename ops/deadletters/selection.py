"""Which letters an operator means."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ops.deadletters.letter import Letter, State
    from streams.filters.entity import Known
    from streams.filters.view import View
    from streams.routing.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """All that is given must hold; without anything every letter is meant.

    Attributes:
        states: one of them.
        where: conditions of the language of routes; a letter that is no CloudEvent fulfils none.
        since: given up then or later.
        until: given up before.
        statuses: one of them fits what the sink answered; ``*`` stands for any text, ``?`` for one character.
        error: whether a reason is meant; ``spoken_of`` makes one.
        names: one of them is the event's id, or ``partition/offset`` of the letter.
        inventory: what conditions ask about entities; None where none does.
    """

    states: tuple[State, ...] = ("open",)
    where: tuple[Route, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    statuses: tuple[str, ...] = ()
    error: Callable[[str], bool] | None = None
    names: frozenset[str] = frozenset()
    inventory: Callable[[View], Known] | None = None

    def takes(self, letter: Letter) -> bool:
        """Whether the letter is meant; what costs most is asked last."""
        return (
            letter.state in self.states
            and (self.since is None or letter.failed_at >= self.since)
            and (self.until is None or letter.failed_at < self.until)
            and (not self.statuses or any(fnmatchcase(letter.status, each) for each in self.statuses))
            and (self.error is None or self.error(letter.error))
            and (not self.names or letter.place in self.names or letter.attribute("id") in self.names)
            and (not self.where or self._matches(letter))
        )

    def _matches(self, letter: Letter) -> bool:
        view = letter.view
        if view is None:
            return False
        view.inventory = self.inventory
        return all(each.matches(view) for each in self.where)


def spoken_of(text: str) -> Callable[[str], bool]:
    """Whether a reason holds ``text`` as it is, or something that fits it as a regular expression (RE2).

    So a reason that was copied from a listing is found, whatever signs are in it.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        search = re2.compile(text, options).search
    except re2.error:
        return lambda reason: text in reason
    return lambda reason: text in reason or search(reason) is not None
