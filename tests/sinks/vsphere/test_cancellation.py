"""When the partition moves during an action: the next owner must not meet a change that is still being made."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pyVmomi import vim

from clients.vsphere.target import Target
from schemas.config import VcenterConfig
from sinks import registry
from sinks.base import SinkContext
from sinks.vsphere import actions, sink
from sinks.vsphere.actions import Plan
from sinks.vsphere.remedy import Remedy
from tests.sinks.bench import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from schemas.cloudevents import CloudEvent
    from sinks.base import Sink

ALERT = event(extensions={}, data=orjson.dumps({"event": {"metadata": {"source": "vm-1"}}}))


class Gate:
    """A place in a thread where somebody waits until let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.passed = 0

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(10)
        self.passed += 1


class Slow:
    """An action that stays where its gates are closed; instead of the remedy it also says what is to be done."""

    verifiable = True

    def __init__(self) -> None:
        self.preparing, self.applying = Gate(), Gate()

    def prepare(self, _aim: object) -> Plan:
        self.preparing()
        session: Any = SimpleNamespace(name="vc1")
        target = Target(session, vim.VirtualMachine("vm-1"), "vm-1")
        return Plan(target, ("change it",))

    def start(self, _plan: Plan) -> None:
        self.applying()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(actions, "build", lambda _name, _parameters: slow)
    monkeypatch.setattr(Remedy, "_prepare", lambda _remedy, aim, _event: slow.prepare(aim))
    monkeypatch.setattr(sink, "WORKERS", 1)
    return slow


@pytest.fixture
async def bench(slow: Slow, tmp_path: Path) -> AsyncIterator[Sink]:
    (tmp_path / "password").write_text("password")
    account = {"username": "u", "password_file": str(tmp_path / "password")}
    known = {"vc1": VcenterConfig.model_validate({"name": "vc1", "url": "https://127.0.0.1:9/sdk", **account})}
    fields = {"name": "isolate", "type": "vsphere", "action": "disconnect-vnic", "allow": ["*"], "dry_run": False}
    bench = registry.build(registry.model("vsphere").model_validate(fields), SinkContext(vcenters=known))
    yield bench
    slow.preparing.opened.set()
    slow.applying.opened.set()
    await bench.close()


async def sending(bench: Sink, gate: Gate, alert: CloudEvent = ALERT) -> asyncio.Task[Any]:
    """A delivery that has come to a gate."""
    task = asyncio.create_task(bench.send(alert))
    assert await asyncio.to_thread(gate.reached.wait, 10)
    return task


async def cancelled(task: asyncio.Task[Any]) -> bool:
    """Cancel, and again; whether the task has ended."""
    for _ in range(2):
        task.cancel()
        await asyncio.wait((task,), timeout=0.05)
    return task.done()


async def test_a_change_that_has_begun_is_waited_for(bench: Sink, slow: Slow) -> None:
    slow.preparing.opened.set()
    task = await sending(bench, slow.applying)
    assert not await cancelled(task)

    slow.applying.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (1, 1) == (slow.preparing.passed, slow.applying.passed)


async def test_a_change_that_has_not_begun_does_not_begin(bench: Sink, slow: Slow) -> None:
    task = await sending(bench, slow.preparing)
    assert not await cancelled(task)

    slow.preparing.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (1, False) == (slow.preparing.passed, slow.applying.reached.is_set())


async def test_an_action_that_no_thread_has_taken_up_is_dropped_at_once(bench: Sink, slow: Slow) -> None:
    first = await sending(bench, slow.preparing)
    second = asyncio.create_task(bench.send(ALERT))
    await asyncio.sleep(0)
    assert await cancelled(second)

    assert not await cancelled(first)
    slow.preparing.opened.set()
    await asyncio.wait((first,))
    assert 1 == slow.preparing.passed
