from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from ops import supervisor
from ops.supervisor import supervise
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """
import pathlib, signal, sys
told = pathlib.Path(sys.argv[1])
def tell(number, _frame):
    with told.open("a") as file:
        file.write(signal.Signals(number).name + " ")
    if number == signal.SIGTERM:
        sys.exit(0)
for number in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, tell)
with told.open("a") as file:
    file.write("began ")
while True:
    signal.pause()
"""


def service(told: Path) -> list[str]:
    return [sys.executable, "-c", SERVICE, str(told)]


def words(told: Path) -> str:
    return told.read_text().strip() if told.exists() else ""


async def until(told: Path, expected: str) -> None:
    while words(told) != expected:
        await asyncio.sleep(0.01)


async def test_sighup_is_passed_on_and_the_end_is_waited_for(tmp_path: Path) -> None:
    told, stop = tmp_path / "told", asyncio.Event()
    task = asyncio.create_task(supervise({"router": service(told)}, stop))
    await until(told, "began")
    os.kill(os.getpid(), signal.SIGHUP)
    await until(told, "began SIGHUP")
    stop.set()
    await task
    assert "began SIGHUP SIGTERM" == words(told)


async def test_what_dies_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    told, stop = tmp_path / "told", asyncio.Event()
    once = f"import pathlib; pathlib.Path({str(told)!r}).open('a').write('died ')"
    task = asyncio.create_task(supervise({"router": [sys.executable, "-c", once]}, stop))
    while words(told).count("died") < 3:
        await asyncio.sleep(0.01)
    stop.set()
    await task


@pytest.mark.parametrize("code", [2, 4])
async def test_what_only_a_person_can_cure_ends_everything(tmp_path: Path, code: int) -> None:
    told = tmp_path / "told"
    late = f"import os, time\nwhile not os.path.exists({str(told)!r}): time.sleep(0.01)\nexit({code})"
    commands = {"deliver": service(told), "router": [sys.executable, "-c", late]}
    with pytest.raises(ReflexarcError, match=f"router ended with exit code {code}"):
        await supervise(commands, asyncio.Event())
    assert words(told) == "began SIGTERM"
