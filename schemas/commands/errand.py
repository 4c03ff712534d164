"""Who has asked for an action in person, with which words, and where the answer goes."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from schemas import seal
from schemas.remediation.model import Id, Part, Text, Word

SAID: Final = 1000
"""Characters of a command that are told again."""

Said = Annotated[str, StringConstraints(max_length=SAID)]
Name = Annotated[str, StringConstraints(max_length=64)]
"""An id of Slack; empty where there is none."""


class Errand(Part):
    """One command.

    Attributes:
        id: by which its replies are known; that of the action where it asks for one. An undo has an id of its own.
        source: of the command's event; with ``event`` it names it.
        event: id of that event.
        verb: first word of it.
        said: the command as it was typed, cut.
        vm: name of the machine that it is about; empty without one.
        person: who, by the name that they have in the configuration, else by the way they came: ``slack/T1/U1``.
        replies: name of the sink that answers; empty where nobody waits there.
        team: of Slack; empty for who came another way, as are the next two.
        channel: likewise.
        user: likewise.
        address: sealed for the command's event; empty without one.
        dry_run: whether only the plan is wanted.
    """

    id: Id
    source: Text
    event: Text
    verb: Word
    said: Said
    vm: Said = ""
    person: Word
    replies: Annotated[str, Field(max_length=63)] = ""
    team: Name = ""
    channel: Name = ""
    user: Name = ""
    address: Annotated[str, StringConstraints(max_length=seal.LONGEST)] = ""
    dry_run: bool = False
