"""One command of a command line: its words, and the event that carries it, signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import orjson

from schemas import topics
from schemas.cloudevents import CloudEvent
from schemas.commands.kinds import TYPED
from schemas.config.keyfile import ring
from schemas.epoch import written
from schemas.errors import Refused
from schemas.principal import EXTENSION, Principal, sign
from schemas.remediation.request import request_id
from streams.commands.identities import by_command_line
from streams.commands.parse import Misuse, parse
from streams.commands.words import LONGEST_TEXT
from streams.guard import commanded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Config
    from schemas.keys import Key
    from streams.commands.parse import Command


class Given(NamedTuple):
    """One command.

    Attributes:
        command: what it says.
        user: of the system, who gives it.
        event: that carries it; its principal is signed.
        at: when, whole seconds since 1970: that of its principal.
    """

    command: Command
    user: str
    event: CloudEvent
    at: int

    @property
    def id(self) -> str:
        """By which its answer is known, and the action that it asks for."""
        return request_id(commanded.name(self.command.verb), self.event.source, self.event.id)

    @property
    def vm(self) -> str:
        """Name of the machine that it is about; empty without one."""
        name = getattr(getattr(self.command.arguments, "vm", None), "name", "")
        return name if isinstance(name, str) else ""


def read(config: Config, verb: str, words: Sequence[str]) -> Command | Misuse:
    """The command of a verb and the words behind it, each as the shell has given it; no word is taken apart again.

    Args:
        config: knows the vCenters.
        verb: one of the table of verbs.
        words: its arguments.
    """
    if any(not word.strip() for word in words):
        return Misuse("One of the arguments is empty.", verb)
    if any(len(word.splitlines()) > 1 for word in words):
        return Misuse("One of the arguments has more than one line.", verb)
    text = _text(verb, words)
    if len(text) > LONGEST_TEXT:
        return Misuse(f"This is longer than {LONGEST_TEXT} characters.", verb)
    return parse(text, [name for name, vcenter in config.vcenters.items() if vcenter.recording is None])


def keys(config: Config) -> tuple[Key, ...]:
    """What commands of a command line are signed with.

    Raises:
        Refused: nobody may ask for anything, or there is no key.
    """
    if config.commands is None:
        raise Refused(
            "nobody may ask for anything: commands is not configured",
            cure="add commands: with people and grants; docs/self-service.md says how",
        )
    if config.commands.key is None:
        raise Refused(
            "a command must be signed, and commands.key is not configured",
            cure="write a key with: openssl rand -base64 32 > commands.key; name it as commands.key_file, here and "
            "where role command runs, and let nobody else read it",
        )
    return ring(config.commands.key)


def given(
    prefix: str,
    command: Command,
    words: Sequence[str],
    signing: Sequence[Key],
    *,
    user: str,
    now: float,
    dry_run: bool = False,
) -> Given:
    """A command as it is published; two with the same words are two commands.

    Args:
        prefix: topic prefix.
        command: what ``read`` has made of the words.
        words: the arguments as they were typed.
        signing: keys; the first one signs.
        user: of the system.
        now: seconds since 1970.
        dry_run: whether only the plan is wanted.
    """
    plain = CloudEvent(
        id=str(uuid4()),
        source=f"/{topics.group(prefix, topics.OPERATOR)}",
        type=TYPED,
        subject=command.verb,
        time=written(datetime.fromtimestamp(now, UTC), "milliseconds"),
        datacontenttype="application/json",
        data=orjson.dumps({"text": _text(command.verb, words), "dry_run": dry_run}),
        extensions={"partitionkey": by_command_line(user)},
    )
    principal = Principal(team="", user=user, channel="", verified="cli", time=int(now))
    signed = sign(principal, plain, signing)
    event = replace(plain, extensions={**plain.extensions, EXTENSION: signed})
    return Given(command, user, event, principal.time)


def _text(verb: str, words: Sequence[str]) -> str:
    return "\n".join((verb, *words))
