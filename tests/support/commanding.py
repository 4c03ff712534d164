"""People who ask at a command line: whoever runs the tests by the command itself, everybody else by name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import orjson

from ops.actor import person
from ops.commands.given import given, keys, read
from ops.commands.giving import followed
from ops.demo.scene import read_config
from streams.commands.parse import Command
from tests.support.console import Console

if TYPE_CHECKING:
    from pathlib import Path

    from ops.commands.told import Told
    from ops.demo.scene import Scene
    from tests.support.console import Said

MYSELF = person().removeprefix("cli/")
"""The user of the system that runs the tests."""

WITHIN = 60.0


class Desk:
    """Where people of a world ask.

    Args:
        folder: for what the command says.
        scene: whose roles run.
    """

    def __init__(self, folder: Path, scene: Scene) -> None:
        self._console = Console(folder, {})
        self._scene = scene

    def vm(self, *argv: str, config: Path | None = None) -> Said:
        """Run ``reflexarc vm ARGV``, by another configuration than the world's where one is named."""
        return self._console.run(config or self._scene.config, "vm", *argv)

    def undo(self, action: str) -> Said:
        """Run ``reflexarc remediation undo``."""
        return self._console.run(self._scene.config, "remediation", "undo", action)

    def story(self, *argv: str) -> tuple[int | None, dict[str, Any]]:
        """The code and the story of ``reflexarc vm ARGV --json``."""
        said = self.vm(*argv, "--json")
        return said.code, orjson.loads(said.out)

    def ask(self, user: str, verb: str, *words: str) -> list[Told]:
        """What another user of the system hears, step by step."""
        config = read_config(self._scene)
        command = read(config, verb, words)
        assert isinstance(command, Command), command
        made = given(config.kafka.prefix, command, words, keys(config), user=user, now=time.time())
        return list(followed(config, made, WITHIN))


def people(*others: str) -> dict[str, Any]:
    """The section ``people``: ``me`` runs the tests, the others have users of their own name."""
    return {"me": {"cli": [MYSELF]}, **{name: {"cli": [name]} for name in others}}
