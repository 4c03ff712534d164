from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from schemas.cloudevents import json
from schemas.errors import Unavailable
from tests.sinks.bench import SOON, Bench, event
from tests.sinks.conformance import REMOTE, Case, cases, recovers_when_the_destination_comes_back

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from sinks.base import Sink

STDOUT = 1


class StdoutBench(Bench):
    """A pipe in the place of the standard output."""

    def __init__(self, client: Client, folder: Path) -> None:
        super().__init__(client, folder)
        self.reader, self.taken = -1, b""

    def sink(self, **fields: Any) -> Sink:
        """The connector; pytest gives the standard output another meaning before each test, so only now."""
        if self.reader < 0:
            self.begin()
        return super().sink(**fields)

    def begin(self, room: int = 2**20) -> None:
        """Begin another pipe; what has not been read of the one before is lost."""
        self.end()
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, room)
        os.set_blocking(self.reader, False)
        os.dup2(writer, STDOUT)
        os.close(writer)

    def end(self) -> None:
        """Read no more."""
        if self.reader >= 0:
            os.close(self.reader)
        self.reader = -1

    def settings(self) -> Mapping[str, Any]:
        return {"type": "stdout"}

    def read(self) -> bytes:
        try:
            while data := os.read(self.reader, 65536):
                self.taken += data
        except BlockingIOError:
            pass
        return self.taken

    async def first_byte(self) -> None:
        """Return once a line has begun; a pipe of one page has no room for more of it then."""
        while not self.taken:
            await asyncio.sleep(0.01)
            with suppress(BlockingIOError):
                self.taken += os.read(self.reader, 1)

    async def delivered(self) -> list[CloudEvent]:
        # Other threads of this process may say something, too; an event is a whole line of JSON.
        return [json.loads(line) for line in self.read().splitlines() if line.startswith(b"{")]

    async def leave(self) -> None:
        self.begin()
        os.close(STDOUT)

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        raise NotImplementedError

    def fall_silent(self) -> None:
        raise NotImplementedError


@pytest.fixture
def bench(client: Client, tmp_path: Path) -> Iterator[StdoutBench]:
    bench = StdoutBench(client, tmp_path)
    yield bench
    bench.end()


@pytest.mark.parametrize("case", cases(without=(*REMOTE, recovers_when_the_destination_comes_back)))
async def test_keeps_the_contract_of_sinks(case: Case, bench: StdoutBench) -> None:
    await case(bench)


async def test_a_reader_that_is_gone_makes_the_sink_unavailable(bench: StdoutBench) -> None:
    sink = bench.sink()
    await sink.open()
    os.close(bench.reader)
    bench.reader = -1

    with pytest.raises(Unavailable, match="broken pipe"):
        await sink.send(event())

    bench.begin()
    await sink.send(event())
    assert [event()] == await bench.delivered()


async def test_a_reader_that_stands_still_is_waited_for_and_sees_whole_lines(bench: StdoutBench) -> None:
    bench.begin(room=4096)
    sink = bench.sink(timeout=SOON)
    large = event(1, data=b"x" * 10_000, datacontenttype="text/plain")

    with pytest.raises(Unavailable, match="nobody reads"):
        await sink.send(large)
    reading = asyncio.create_task(_read(bench))
    await sink.send(event(2))
    await sink.send(large)
    reading.cancel()

    assert [large, event(2), large] == await bench.delivered()


async def test_a_line_that_was_not_read_in_time_is_finished_by_the_next_attempt(bench: StdoutBench) -> None:
    bench.begin(room=4096)
    sink = bench.sink(timeout=SOON)
    large = event(1, data=b"x" * 10_000, datacontenttype="text/plain")

    with pytest.raises(Unavailable, match="nobody reads"):
        await sink.send(large)
    reading = asyncio.create_task(_read(bench))
    await sink.send(large)
    reading.cancel()

    assert [large] == await bench.delivered()


async def test_a_cancelled_line_that_has_begun_is_finished_when_it_is_read(bench: StdoutBench) -> None:
    bench.begin(room=4096)
    sink = bench.sink()
    large = event(data=b"x" * 10_000, datacontenttype="text/plain")
    sending = asyncio.create_task(sink.send(large))
    await bench.first_byte()

    sending.cancel()
    reading = asyncio.create_task(_read(bench))
    with pytest.raises(asyncio.CancelledError):
        await sending
    reading.cancel()

    assert [large] == await bench.delivered()


async def test_a_cancelled_line_that_nobody_reads_is_finished_before_the_next_one(bench: StdoutBench) -> None:
    bench.begin(room=4096)
    sink = bench.sink()
    large = event(1, data=b"x" * 10_000, datacontenttype="text/plain")
    sending = asyncio.create_task(sink.send(large))
    await bench.first_byte()

    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    reading = asyncio.create_task(_read(bench))
    await sink.send(event(2))
    reading.cancel()

    assert [large, event(2)] == await bench.delivered()


async def test_a_cancelled_line_that_has_not_begun_is_not_there(bench: StdoutBench) -> None:
    bench.begin(room=4096)
    sink = bench.sink()
    large = event(1, data=b"x" * 10_000, datacontenttype="text/plain")
    first = asyncio.create_task(sink.send(large))
    await bench.first_byte()
    second = asyncio.create_task(sink.send(event(2)))
    await asyncio.sleep(0.01)

    second.cancel()
    reading = asyncio.create_task(_read(bench))
    await first
    with pytest.raises(asyncio.CancelledError):
        await second
    reading.cancel()

    assert [large] == await bench.delivered()


async def _read(bench: StdoutBench) -> None:
    while bench.reader >= 0:
        bench.read()
        await asyncio.sleep(0.01)
