"""Which entries of the audit are asked for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from streams.trail.entry import Entry


class Wanted(NamedTuple):
    """What all has to hold; None asks for nothing. Patterns have ``*`` and ``?``; case does not matter.

    Attributes:
        entity: pattern of the name of what it is about, of ``<vcenter>/<moref>``, or of the subject.
        action_id: how the id of the action begins.
        actor: pattern of anybody who has to do with it; without the way by which they came, too.
        type: pattern of the CloudEvents type, also without ``com.reflexarc.`` in front.
        since: not before this.
        until: before this.
    """

    entity: str | None = None
    action_id: str | None = None
    actor: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, entry: Entry) -> bool:
        """Whether the entry is asked for."""
        return (
            (self.type is None or _any(self.type, (entry.type, entry.kind)))
            and (self.action_id is None or (bool(entry.action_id) and entry.action_id.startswith(self.action_id)))
            and (self.entity is None or _any(self.entity, (*entry.entity, entry.subject)))
            and (self.actor is None or _any(self.actor, (name for each in entry.actors for name in _names(each))))
            and (self.since is None or self.since <= entry.time)
            and (self.until is None or entry.time < self.until)
        )


def _any(pattern: str, names: Iterable[str]) -> bool:
    folded = pattern.casefold()
    return any(fnmatchcase(name.casefold(), folded) for name in names)


def _names(actor: str) -> tuple[str, str]:
    """``cli/anna`` is called ``anna``, too."""
    return actor, actor.rpartition("/")[2]
