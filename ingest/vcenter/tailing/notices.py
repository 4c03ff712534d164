"""What a tail has to say of its vCenter's log, as events of our own: what is missing, and where the log broke.

One occurrence has one id, however often it is noticed. Times are the vCenter's own, RFC 3339; what is not known is
null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import orjson

from ingest.vcenter.publishing.mapping import NOBODY
from schemas.cloudevents import CloudEvent
from schemas.epoch import written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ingest.vcenter.position.checkpoint import Place
    from ingest.vcenter.position.keys import Range

Kind = Literal["gap", "purge", "stall", "incarnation", "rewind"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

LOSSES: Final[frozenset[Kind]] = frozenset({"gap", "purge"})
"""Kinds that are losses, or may be."""

TYPE: Final = "com.reflexarc.ingest."
"""How the type of every notice begins; its kind follows."""


class Notice(NamedTuple):
    """One thing to be told.

    Attributes:
        kind: ``gap`` and ``purge`` are losses, or may be; the others are not.
        incarnation: the one it happened in, or began.
        about: tells it from others of its kind and incarnation; the same when it is noticed again.
        data: what is known.
    """

    kind: Kind
    incarnation: int
    about: str
    data: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What its id is made of, and nothing else is."""
        return f"{self.incarnation}/{self.kind}/{self.about}"

    @property
    def missing(self) -> int:
        """How many events are missing for certain."""
        return self.data.get("count") or 0

    def __str__(self) -> str:
        told = {name: value for name, value in self.data.items() if value is not None}
        reason = told.pop("reason")
        return f"{self.kind}: {reason} ({', '.join(f'{name} {value}' for name, value in told.items())})"


def purge(known: Place, keys: Range, *, before: str, exact: bool) -> Notice:
    """The log no longer holds our last event: what came after it, up to the first one read now, is gone.

    Args:
        known: the position that the log has lost.
        keys: first and last key that is missing.
        before: creation time of the event that was read instead.
        exact: whether every key was meant for us; not so when only some event types are read.
    """
    reason = "the vCenter's log no longer holds these events"
    return _loss("purge", known, keys, (text(known.time), before), reason, exact=exact)


def gap(known: Place, *, until: int | None, before: str, reason: str) -> Notice:
    """Events behind ``known`` may be missing: nobody can tell how many of these keys there were.

    Args:
        known: the position behind which they are missing.
        until: first key that was read again; None when it is not known.
        before: creation time from which on everything is read.
        reason: one phrase.
    """
    first = None if known.last_key is None else known.last_key + 1
    last = until - 1 if until is not None and (first is None or until > first) else None
    after = None if first is None else text(known.time)
    return _loss("gap", known, (first, last), (after, before), reason, exact=False)


def stall(known: Place, *, newest: int) -> Notice:
    """Reads stayed empty although the log goes on; a new cursor was opened."""
    return Notice(
        "stall",
        known.incarnation,
        _key(known.last_key),
        {"last_key": known.last_key, "newest_key": newest, "after": text(known.time), "reason": "reads stayed empty"},
    )


def incarnation(before: Place, after: int, *, reason: str) -> Notice:
    """The event keys start anew: ids carry another incarnation from here on.

    Args:
        before: where the incarnation before ended.
        after: the new one.
        reason: one phrase.
    """
    data = {
        "previous": before.incarnation,
        "last_key": before.last_key,
        "after": text(before.time) if before.last_key is not None else None,
        "reason": reason,
    }
    return Notice("incarnation", after, _key(before.last_key), data)


def rewind(known: Place, *, now: datetime, begin: datetime) -> Notice:
    """The vCenter's clock was set back behind events that are known; read goes on from ``begin``."""
    data = {
        "after": text(known.time),
        "now": text(now),
        "begin": text(begin),
        "reason": "the vCenter's clock was set back",
    }
    return Notice("rewind", known.incarnation, text(known.time), data)


def to_cloudevent(notice: Notice, *, vcenter: str, source: str, now: datetime) -> CloudEvent:
    """The event that tells it.

    Args:
        notice: what.
        vcenter: configured name of whose log it is.
        source: of that vCenter's events.
        now: when it was noticed.
    """
    return CloudEvent(
        id=f"{vcenter}/{notice.key}",
        source=source,
        type=f"{TYPE}{notice.kind}",
        subject=vcenter,
        time=text(now),
        datacontenttype="application/json",
        extensions={"vcenter": vcenter, "partitionkey": f"{vcenter}/{NOBODY}"},
        data=orjson.dumps({"vcenter": vcenter, "incarnation": notice.incarnation, **notice.data}),
    )


def _loss(
    kind: Kind,
    known: Place,
    keys: tuple[int | None, int | None],
    times: tuple[str | None, str],
    reason: str,
    *,
    exact: bool,
) -> Notice:
    first, last = keys
    after, before = times
    count = last - first + 1 if exact and first is not None and last is not None else None
    data = {"first": first, "last": last, "count": count, "after": after, "before": before, "reason": reason}
    about = before if first is None else f"{first}-{_key(last)}"
    return Notice(kind, known.incarnation, about, data)


def _key(key: int | None) -> str:
    return "unknown" if key is None else str(key)


def text(moment: datetime) -> str:
    """A moment as notices spell it."""
    return written(moment, "milliseconds")
