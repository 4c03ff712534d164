"""A configuration of commands, and commands that somebody gives at a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ops.commands import given as giving
from schemas.config import CommandsConfig, Config, KafkaConfig
from schemas.keys import keyring
from streams.commands.parse import Command

if TYPE_CHECKING:
    from ops.commands.given import Given

RING: Final = keyring([b"c" * 44])
NOW: Final = 1_780_000_000.25
PEOPLE: Final = {"anna": {"cli": ["anna"], "groups": ["operators"]}, "ben": {"cli": ["ben"]}, "eve": {"cli": ["eve"]}}


def commands(**section: Any) -> CommandsConfig:
    """The section ``commands``; ``ben`` may approve."""
    given = {"people": PEOPLE, "grants": [{"to": ["operators", "ben"], "verbs": ["approve"]}]}
    return CommandsConfig.model_validate(given | section)


def configuration(section: CommandsConfig | None = None) -> Config:
    """One that connects to nothing."""
    return Config(kafka=KafkaConfig(bootstrap="127.0.0.1:1"), commands=section)


def given(verb: str, *words: str, user: str = "anna", dry_run: bool = False) -> Given:
    """A command of somebody's."""
    command = giving.read(configuration(), verb, words)
    assert isinstance(command, Command), command
    return giving.given("dc", command, words, RING, user=user, now=NOW, dry_run=dry_run)
