"""Where the tail of one vCenter stands: everything a new process needs to go on without loss or duplicate.

Stored as JSON in the compacted checkpoints topic, key = vCenter name, in the same transaction as the events it
covers. Readers ignore fields they do not know; ``v`` rises only when an old reader would go wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import orjson

from schemas.errors import Refused

if TYPE_CHECKING:
    from ingest.vcenter.position.keys import Range

VERSION: Final = 1


class Place(NamedTuple):
    """How far one vCenter's log is known: the attributes are those of ``Checkpoint``."""

    incarnation: int
    last_key: int | None
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A position in one vCenter's event log.

    Attributes:
        vcenter: configured name.
        instance_uuid: which server wrote the log; empty for a recording.
        incarnation: how often the keys have started anew.
        time: latest creation time seen.
        time_key: key of the event created then; None before the first event of the incarnation.
        since: of events created at or after it, those published are all in ``seen``.
        last_key: greatest key published in this incarnation; None before the first event.
        forgotten: greatest key published that is no longer in ``seen``; None when there is none.
        seen: keys published or left out lately, as sorted ranges.
        horizon: what was created before it is not read again; ``since`` when None, as releases up to 0.1 leave it.
        recent: creation time of the last event taken: before ``time`` once the clock was set back. None when none of
            this incarnation was, or a release up to 0.1 wrote this.
        selection: digest of the event types that were asked for; empty when all were.
    """

    vcenter: str
    instance_uuid: str
    incarnation: int = 0
    time: datetime
    time_key: int | None = None
    since: datetime
    last_key: int | None = None
    forgotten: int | None = None
    seen: tuple[Range, ...] = ()
    horizon: datetime | None = None
    recent: datetime | None = None
    selection: str = ""

    @classmethod
    def first(cls, vcenter: str, instance_uuid: str, start: datetime, selection: str = "") -> Self:
        """The checkpoint of a vCenter that has never been read: nothing before ``start`` is wanted."""
        return cls(vcenter=vcenter, instance_uuid=instance_uuid, time=start, since=start, selection=selection)

    @property
    def place(self) -> Place:
        """How far the log is known."""
        return Place(self.incarnation, self.last_key, self.time)

    def reborn(self, since: datetime) -> Self:
        """The next incarnation: no key is known; what was created before ``since`` belongs to the one before."""
        return replace(
            self,
            incarnation=self.incarnation + 1,
            time_key=None,
            since=since,
            last_key=None,
            forgotten=None,
            seen=(),
            horizon=None,
            recent=None,
        )

    def dumps(self) -> bytes:
        """The record value."""
        return orjson.dumps(
            {
                "v": VERSION,
                "vcenter": self.vcenter,
                "instance_uuid": self.instance_uuid,
                "incarnation": self.incarnation,
                "time": self.time.isoformat(),
                "time_key": self.time_key,
                "since": self.since.isoformat(),
                "last_key": self.last_key,
                "forgotten": self.forgotten,
                "seen": self.seen,
                "horizon": self.horizon and self.horizon.isoformat(),
                "recent": self.recent and self.recent.isoformat(),
                "selection": self.selection,
            }
        )

    @classmethod
    def loads(cls, body: bytes) -> Checkpoint:
        """The checkpoint in a record value.

        Raises:
            Refused: it is damaged, or a newer release wrote it in a form this one would misread.
        """
        try:
            stored = orjson.loads(body)
            version = stored["v"]
            if version > VERSION:
                raise Refused(
                    f"a checkpoint of form {version}, this release reads up to {VERSION}",
                    cure="start the newer release again",
                )
            return cls(
                vcenter=str(stored["vcenter"]),
                instance_uuid=str(stored["instance_uuid"]),
                incarnation=int(stored["incarnation"]),
                time=_utc(stored["time"]),
                time_key=_key(stored["time_key"]),
                since=_utc(stored["since"]),
                last_key=_key(stored["last_key"]),
                forgotten=_key(stored["forgotten"]),
                seen=tuple((int(first), int(last)) for first, last in stored["seen"]),
                horizon=_utc(stored["horizon"]) if stored.get("horizon") else None,
                recent=_utc(stored["recent"]) if stored.get("recent") else None,
                selection=str(stored.get("selection", "")),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                f"a damaged checkpoint: {type(error).__name__}: {error}",
                cure="write a tombstone for its key in the checkpoints topic: it goes on from its last event in Kafka",
            ) from error


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _key(value: object) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"no key: {value!r}")
