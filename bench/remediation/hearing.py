"""When the audit hears of each step, by the clock of who reads it: only what is committed is read."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Self

from confluent_kafka import Consumer, TopicPartition

if TYPE_CHECKING:
    from types import TracebackType

KIND = "com.reflexarc.remediation."


class Hearing:
    """Follows the audit topic in a thread; a context manager.

    Args:
        bootstrap: of the broker.
        topic: the audit.
        partitions: how many it has.
    """

    def __init__(self, bootstrap: str, topic: str, partitions: int) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "bench",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 5,
            }
        )
        self._consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="audit")
        self._at: dict[tuple[str, str], float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._consumer.close()

    def steps(self, *names: str) -> dict[str, float]:
        """When each action came to one of these steps, seconds since 1970, by its id; the first time counts."""
        found: dict[str, float] = {}
        for (action, step), at in self._at.copy().items():
            if step in names:
                found[action] = min(at, found.get(action, at))
        return found

    def _follow(self) -> None:
        while not self._ended.is_set():
            for message in self._consumer.consume(500, 0.05):
                headers: Any = dict(message.headers() or ())
                kind = (headers.get("ce_type") or b"").decode()
                if kind.startswith(KIND):
                    action = headers["ce_id"].decode().partition("/")[0]
                    self._at.setdefault((action, kind.removeprefix(KIND)), time.time())
