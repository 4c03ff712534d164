from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.cloudevents import json
from schemas.config import Scope
from schemas.errors import Unavailable
from sinks.base import SinkContext
from sinks.file import FileSink
from sinks.file.sink import FileConfig
from tests.sinks.bench import Bench, event
from tests.sinks.conformance import REMOTE, Case, cases

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent


class FileBench(Bench):
    """A file in a folder that can be renamed."""

    def settings(self) -> Mapping[str, Any]:
        return {"type": "file", "path": str(self.path)}

    @property
    def path(self) -> Path:
        return self.folder / "there" / "events.jsonl"

    async def delivered(self) -> list[CloudEvent]:
        return [json.loads(line) for line in self.path.read_bytes().splitlines()]

    async def leave(self) -> None:
        self.path.parent.rename(self.folder / "away")

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:  # noqa: ARG002
        (self.folder / "away").rename(self.path.parent)

    def fall_silent(self) -> None:
        raise NotImplementedError


@pytest.fixture
def bench(client: Client, tmp_path: Path) -> FileBench:
    (tmp_path / "there").mkdir()
    return FileBench(client, tmp_path)


@pytest.mark.parametrize("case", cases(without=REMOTE))
async def test_keeps_the_contract_of_sinks(case: Case, bench: FileBench) -> None:
    await case(bench)


async def test_writes_a_batch_in_its_order(bench: FileBench) -> None:
    events = [event(number) for number in range(1000)]
    sink = FileSink(FileConfig.model_validate({"name": "bench", **bench.settings()}), SinkContext(vcenters={}))
    await sink.open()

    outcomes = await sink.send_batch(events)

    assert ([None] * 1000, events) == (outcomes, await bench.delivered())
    assert 500 == sink.batch
    await sink.close()


async def test_a_cancelled_batch_is_in_the_file_whole_or_not_at_all(bench: FileBench) -> None:
    sink = FileSink(FileConfig.model_validate({"name": "bench", **bench.settings()}), SinkContext(vcenters={}))
    await sink.open()
    batches = [[event(10 * number + each) for each in range(10)] for number in range(20)]
    writing = [asyncio.create_task(sink.send_batch(batch)) for batch in batches]
    await asyncio.sleep(0)

    for each in writing:
        each.cancel()
    await asyncio.wait(writing)

    delivered = await bench.delivered()
    assert delivered == [each for batch in batches if batch[0] in delivered for each in batch]
    await sink.close()
    assert delivered == await bench.delivered()


async def test_a_full_disk_is_waited_for(bench: FileBench) -> None:
    sink = bench.sink(path="/dev/full", fsync="never")

    with pytest.raises(Unavailable, match="no space left"):
        await sink.send(event())

    await sink.close()


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"path": ""}, "is not the path of a file"),
        ({"path": "there/"}, "is not the path of a file"),
        ({"path": 3}, "is not the path of a file"),
        ({"path": "there"}, "is a folder"),
        ({"rotate_size": "0B"}, "greater than 0"),
        ({"rotate_every": "10ms"}, "greater than or equal to 1"),
        ({"keep": 0}, "greater than or equal to 1"),
        ({"fsync": "sometimes"}, "'batch' or 'never'"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(fields: dict[str, object], what: str, bench: FileBench) -> None:
    given = {"name": "s", "path": "there/events.jsonl", **fields}
    with pytest.raises(ValidationError, match=what):
        FileConfig.model_validate(given, context=Scope(folder=bench.folder))
