"""SIGKILL of Slack, and of the delivering role, with answers under way: each person hears all of it, in order."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest

from ops.demo.child import Child
from ops.demo.scene import Scene, kafka_section
from schemas.cloudevents import CloudEvent
from schemas.commands.reply import TYPE, Reply
from tests.sinks.slack.bench import COMMAND, SOURCE, sealed
from tests.support import topics
from tests.support.chat import CHANNEL, TOKEN, USER, ledger
from tests.support.chat.hook import TEAM, USES, Hook
from tests.support.flow import MUTANTS, settled, wait
from tests.support.slack import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

ACTIONS: Final = 40
STEPS: Final = tuple(f"step-{number}" for number in range(USES + 3))
"""More than a reply address serves."""


class Talk:
    """A sink of type slack, and Slack as a process."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.file = scene.folder / "slack" / "messages.jsonl"
        self.file.parent.mkdir()
        self.bootstrap = scene.stack["kafka"].endpoint or ""
        self.slack, self.said = self.start()
        scene.write_config({"kafka": kafka_section(scene.stack, scene.prefix), "sinks": {"people": self.sink()}})
        scene.run("topics", "create")

    def start(self, *options: str) -> tuple[Child, dict[str, str]]:
        """Slack, and what it says of itself."""
        argv = ["tests.support.chat", "--file", str(self.file), "--slow", "0.05", *options]
        child = self.scene.add(Child("chat", argv, self.scene.folder))
        return child, json.loads(child.first_line())

    def come_back(self) -> None:
        """Slack again, at the same port."""
        self.slack, _ = self.start("--port", self.said["proxy"].rpartition(":")[2])

    def sink(self) -> dict[str, Any]:
        """Its section of the configuration."""
        secrets = {"bot_token_file": TOKEN, "seal_key_file": KEYS["seal"]}
        for name, secret in secrets.items():
            (self.scene.folder / name).write_text(secret)
        reached = {name: self.said[name] for name in ("api", "hooks", "ca_file")}
        return {"type": "slack", "in_flight": 8, **dict.fromkeys(secrets), **reached} | {name: name for name in secrets}

    def worker(self, mutant: str = "") -> Child:
        """A delivering worker, with one guarantee switched off when a mutant is named."""
        self.scene.environ = {"MUTANT": mutant}
        return self.scene.service("deliver", "worker", "--role", "deliver", module=MUTANTS if mutant else None)

    def tell(self) -> list[tuple[str, str]]:
        """Have all of it said; action and step of each."""
        told = list(self.replies())
        topics.publish(self.bootstrap, f"{self.scene.prefix}.sink.people", *told)
        return [_about(each.id.replace("/", " ")) for each in told]

    def committed(self) -> int:
        """How many count as done."""
        prefix = self.scene.prefix
        return topics.committed_in_all(self.bootstrap, f"{prefix}.deliver", f"{prefix}.sink.people")

    def heard(self) -> list[tuple[str, str]]:
        """Action and step of every message, in order."""
        return [_about(message["text"]) for message in ledger.read(self.file)]

    def replies(self) -> Iterator[CloudEvent]:
        """All steps of every action, the actions side by side."""
        hooks = [Hook(TEAM, int(time.time()), USER, CHANNEL, uuid.uuid4().hex) for _ in range(ACTIONS)]
        addresses = [sealed(f"{self.said['hooks']}{hook.path[1:]}") for hook in hooks]
        for step in STEPS:
            for number, address in enumerate(addresses):
                yield _reply(self.scene.prefix, f"{number:016x}", step, address)


@pytest.fixture
def talk(stack: Status, tmp_path: Path, prefix: str) -> Iterator[Talk]:
    with Scene(tmp_path, stack, prefix=prefix) as scene:
        yield Talk(scene)


def test_every_answer_is_heard_in_order(talk: Talk) -> None:
    """Slack dies as well, and is away for a moment."""
    worker = talk.worker()
    told = talk.tell()
    wait(lambda: len(talk.heard()) > len(told) // 4)
    talk.slack.kill()
    in_between = len(talk.heard())
    time.sleep(1)
    talk.come_back()
    wait(lambda: len(talk.heard()) > len(told) // 2)
    worker.kill()
    before = len(talk.heard())
    talk.worker()
    heard = settled(talk.heard, told, quiet=20)

    assert in_between < before < len(told)
    assert set(told) == set(heard)
    assert dict(by_action(told)) == dict(by_action(list(dict.fromkeys(heard))))
    assert [] == topics.everything(talk.bootstrap, f"{talk.scene.prefix}.dlq.people")


def test_reporting_before_slack_has_shown_it_would_be_seen(talk: Talk) -> None:
    worker = talk.worker("deliver-reports-early")
    told = talk.tell()
    wait(lambda: talk.committed() > len(talk.heard()) > 0)
    worker.kill()
    talk.worker()

    assert set(told) > set(settled(talk.heard, told, quiet=12))


def by_action(heard: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The steps of each action, in order."""
    for action in {action for action, _ in heard}:
        yield action, [step for about, step in heard if about == action]


def _about(text: str) -> tuple[str, str]:
    action, step = text.split()[-2:]
    return action, step


def _reply(prefix: str, action: str, step: str, address: str) -> CloudEvent:
    given = {"team": TEAM, "channel": CHANNEL, "user": USER, "source": SOURCE, "event": COMMAND, "at": time.time()}
    reply = Reply.model_validate({"id": action, "step": step, "text": "done", "address": address, **given})
    return CloudEvent(
        id=f"{action}/{step}",
        source=f"/{prefix}.execute",
        type=TYPE,
        datacontenttype="application/json",
        data=reply.encode(),
        extensions={"partitionkey": action},
    )
