from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest
from prometheus_client import REGISTRY

from ops.signals import hangup_event
from ops.sources import Files
from schemas.errors import Unreachable
from streams.routing import reload as module
from streams.routing.reload import Reload

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import Config

BASE = """
kafka: {bootstrap: 'localhost:1'}
sinks:
  a: {type: http, url: 'http://localhost:1/'}
"""
FIRST = f"{BASE}\nroutes: [{{name: one, to: a}}]\n"
SECOND = f"{BASE}\nroutes: [{{name: one, to: a}}, {{name: two, match: {{subject: x}}, to: a}}]\n"


def results() -> dict[str, float]:
    names = ("applied", "postponed", "refused", "unchanged")
    return {name: REGISTRY.get_sample_value("reflexarc_router_reloads_total", {"result": name}) or 0 for name in names}


class Watched:
    """A configuration file that is watched, and the sets of routes that were followed since."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LOOK", 0.01)
        self.file = folder / "reflexarc.yaml"
        self.file.write_text(FIRST)
        self.followed: asyncio.Queue[list[str]] = asyncio.Queue()
        self.files = Files(self.file)
        self.config = self.files.load()
        self.before = results()
        self.refusals = 0

    async def follow(self, config: Config) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unreachable("no broker")
        self.followed.put_nowait([route.name for route in config.routes])

    async def until(self, result: str) -> None:
        while results()[result] == self.before[result]:
            await asyncio.sleep(0.01)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(tmp_path, monkeypatch)


async def run(watched: Watched, asked: asyncio.Event | None = None) -> asyncio.Task[None]:
    reload = Reload(watched.files, watched.config, watched.follow, asked or asyncio.Event())
    return asyncio.create_task(reload.run())


async def test_a_file_that_changes_is_followed(watched: Watched) -> None:
    task = await run(watched)
    watched.file.write_text(SECOND)
    assert ["one", "two"] == await watched.followed.get()
    task.cancel()


async def test_a_file_that_comes_to_the_folder_is_followed(watched: Watched) -> None:
    task = await run(watched)
    folder = watched.file.parent / "routes.d"
    folder.mkdir()
    (folder / "team.yaml").write_text("routes: [{name: three, to: a}]")
    assert ["one", "three"] == await watched.followed.get()
    task.cancel()


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        f"{BASE}\nroutes: [{{name: one, to: b}}]",
        f"{BASE}\nroutes: [{{name: one, match: {{exact: {{Type: x}}}}, to: a}}]",
        SECOND.replace("a: {type: http", "b: {type: http").replace("to: a", "to: b"),
        f"{BASE}\nroutes: [{{name: one, to: a, throttle: {{once_within: 5m}}}}]",
    ],
    ids=["no yaml", "unknown sink", "wrong filter", "new sink", "new throttle"],
)
async def test_the_old_routes_stay_when_the_new_ones_cannot_be_followed(watched: Watched, wrong: str) -> None:
    task = await run(watched)
    watched.file.write_text(wrong)
    await watched.until("refused")
    watched.file.write_text(SECOND)
    assert ["one", "two"] == await watched.followed.get()
    assert watched.followed.empty()
    task.cancel()


async def test_a_change_of_something_else_leaves_the_routes_alone(watched: Watched) -> None:
    task = await run(watched)
    watched.file.write_text(FIRST + "\n# a comment")
    await watched.until("unchanged")
    assert watched.followed.empty()
    task.cancel()


async def test_a_pattern_file_that_changes_is_followed(watched: Watched) -> None:
    pattern = watched.file.parent / "pattern.json"
    pattern.write_text('{"detail": {"subject": ["a"]}}')
    watched.file.write_text(f"{BASE}\nroutes: [{{name: one, match: {{pattern: {{file: pattern.json}}}}, to: a}}]")
    watched.config = watched.files.load()
    task = await run(watched)
    pattern.write_text('{"detail": {"subject": ["b"]}}')
    assert ["one"] == await watched.followed.get()
    task.cancel()


async def test_what_changed_before_the_router_was_ready_is_followed(watched: Watched) -> None:
    watched.file.write_text(SECOND)
    task = await run(watched)
    assert ["one", "two"] == await watched.followed.get()
    task.cancel()


async def test_routes_that_cannot_be_told_of_are_tried_again(watched: Watched) -> None:
    watched.refusals = 2
    task = await run(watched)
    watched.file.write_text(SECOND)
    assert ["one", "two"] == await watched.followed.get()
    assert results()["postponed"] - watched.before["postponed"] == 2
    task.cancel()


async def test_sighup_has_the_files_read_at_once(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 3600.0)
    task = await run(watched, hangup_event())
    await asyncio.sleep(0)
    watched.file.write_text(SECOND)
    os.kill(os.getpid(), signal.SIGHUP)
    assert ["one", "two"] == await watched.followed.get()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
    task.cancel()


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("once_within: 5m", "once_within: 6m", "refused"),
        ("once_within: 5m", "", "applied"),
        ("once_within: 5m", "once_within: 5m, by: vcenter", "refused"),
    ],
    ids=["another window", "taken away", "another group"],
)
async def test_a_throttle_may_be_taken_away_and_not_changed(
    watched: Watched, before: str, after: str, result: str
) -> None:
    def routes(throttle: str) -> str:
        return f"{BASE}\nroutes: [{{name: one, to: a{f', throttle: {{{throttle}}}' if throttle else ''}}}]\n"

    watched.file.write_text(routes(before))
    watched.config = watched.files.load()
    task = await run(watched)
    watched.file.write_text(routes(after) + "# changed\n")
    await watched.until(result)
    task.cancel()
