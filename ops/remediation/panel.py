"""The kill switch as it stands, and the workers that go by it: the topic ``control``, read by an operator."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from clients.kafka.compacted import Compacted
from schemas import topics
from schemas.control import REMEDIATION, InvalidControl, Pause, pause_of
from schemas.epoch import moment
from schemas.errors import Unreachable
from schemas.heartbeat import SILENCE, Heartbeat, Worker, digest, worker_of

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.config import KafkaConfig

WITHIN: Final = 30.0
"""Seconds in which the topic must be read."""

LOOK: Final = 0.2


class Panel:
    """Use it in ``with``: then it has read all that the topic held. For one thread.

    Attributes:
        record: the value of the switch's record; None while nothing is stopped, or a tombstone says so.
        heartbeats: the last word of each worker that has not left.

    Raises:
        Refused: there is no control topic, or an ACL is missing.
        Unreachable: the brokers are away.
    """

    def __init__(self, config: KafkaConfig) -> None:
        self.record: bytes | None = None
        self.heartbeats: dict[Worker, Heartbeat] = {}
        self._topic = topics.control(config.prefix)
        self._reader = Compacted(config, self._topic, client_id=topics.group(config.prefix, topics.OPERATOR))

    def __enter__(self) -> Self:
        try:
            self._catch_up()
        except BaseException:
            self._reader.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.close()

    def read(self, seconds: float = LOOK) -> None:
        """Take in what has come since, waiting for it so long at most."""
        for message in self._reader.read(seconds):
            key, value = message.key(), message.value()
            worker = worker_of(key)
            if key == REMEDIATION:
                self.record = value
            elif worker is not None:
                self._hear(worker, value, message.timestamp()[1])

    @property
    def pause(self) -> Pause | None:
        """Who has stopped all actions; None while nobody has."""
        return pause_of(self.record)

    def live(self, now: datetime) -> dict[Worker, bool]:
        """Whether each worker that lives goes by the record of now; by their names.

        Args:
            now: must know its time zone. Who has said something since lives, too.
        """
        seen = digest(self.record)
        return {worker: beat.seen == seen for worker, beat in self._sorted() if now - beat.at <= SILENCE}

    def silent(self, now: datetime) -> dict[Worker, Heartbeat]:
        """Workers that have not left, and have said nothing for so long that they are taken for dead."""
        return {worker: beat for worker, beat in self._sorted() if now - beat.at > SILENCE}

    def _catch_up(self) -> None:
        end = monotonic() + WITHIN
        while not self._reader.complete:
            if monotonic() > end:
                raise Unreachable(f"cannot read {self._topic}: Kafka does not answer", cure="run it again")
            self.read()

    def _hear(self, worker: Worker, value: bytes | None, arrived: int) -> None:
        if value is None:
            self.heartbeats.pop(worker, None)
            return
        try:
            self.heartbeats[worker] = Heartbeat.decode(value)
        except InvalidControl:  # It lives, and nobody can tell what it has seen.
            self.heartbeats[worker] = Heartbeat(seen="unreadable", at=moment(arrived))

    def _sorted(self) -> list[tuple[Worker, Heartbeat]]:
        return sorted(self.heartbeats.items())
