from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.transport.task import Task

if TYPE_CHECKING:
    import pytest


def test_a_task_travels_as_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task("127.0.0.1:9092", "source", "group", "run/seen", "target", stamped=True)
    monkeypatch.setattr(sys, "argv", ["module", *task.argv])
    assert task == Task.of_argv()
    assert ["target"] == [topic.name for topic in task.targets]
