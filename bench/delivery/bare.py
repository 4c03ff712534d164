"""The least that delivery can cost: consume, POST with libcurl, commit now and then; no order, no retry.

``python -m bench.delivery.bare CONFIG TOPIC URL IN_FLIGHT`` delivers until it is ended.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pycurl

from bench import bare
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from confluent_kafka import Message

CHUNK = 500


class Poster:
    """So many requests at once through one ``CurlMulti``, with handles that are used again."""

    def __init__(self, url: str, in_flight: int) -> None:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, in_flight)
        self._idle = [self._handle(url) for _ in range(in_flight)]
        self._busy = 0

    def post(self, message: Message) -> None:
        """Begin one; waits while all are under way."""
        while not self._idle:
            self.turn(0.1)
        handle = self._idle.pop()
        given: Any = message.headers() or ()  # to its type stubs they may be strings
        headers = [f"ce-{name[3:]}: {value.decode()}" for name, value in given if name.startswith("ce_")]
        handle.setopt(pycurl.HTTPHEADER, [*headers, "Content-Type: application/json", "Expect:"])
        handle.setopt(pycurl.POSTFIELDS, message.value())
        self._multi.add_handle(handle)
        self._busy += 1

    def turn(self, wait: float) -> None:
        """Move what is under way."""
        if self._busy:
            self._multi.select(wait)
        self._multi.perform()
        _, done, failed = self._multi.info_read()
        assert not failed, failed
        for handle in done:
            self._multi.remove_handle(handle)
            self._idle.append(handle)
            self._busy -= 1

    @staticmethod
    def _handle(url: str) -> pycurl.Curl:
        handle = pycurl.Curl()
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.WRITEFUNCTION, lambda _: None)
        return handle


def deliver(path: Path, topic: str, url: str, in_flight: int) -> NoReturn:
    """Deliver for ever."""
    config = load(path, sink_models=model, sink_types=tuple(SINKS))
    consumer, poster = bare.reader(config.kafka, topic), Poster(url, in_flight)
    while True:
        for message in consumer.consume(CHUNK, 0.01):
            assert message.error() is None, message.error()
            poster.post(message)
        poster.turn(0)


if __name__ == "__main__":
    deliver(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
