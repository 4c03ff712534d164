"""What somebody hears of the command that they gave: the data of an event for the sink that answers."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from schemas import seal
from schemas.commands.errand import Name
from schemas.remediation.model import Id, Record, Text, Time, Word

TYPE: Final = "com.reflexarc.reply.v1"
"""``type`` of its event; the ``id`` is that of the action with the step, ``<action id>/<step>``."""

LONGEST: Final = 3000
"""Characters of a text: so many has a section of a message in Slack."""


class Reply(Record):
    """One answer.

    Attributes:
        id: of the action; of what has led to none, of the command.
        step: how far it is: ``acknowledged``, ``answered``, and the steps of the audit.
        text: in words, in Slack's own escaping nowhere: plain, of several lines; secrets are not in it.
        code: what is shown in a fixed font below the text, such as a table or the command; may be empty.
        final: whether nothing follows.
        visible: to whoever has asked alone, or to all in the channel.
        ask: id of a parked request that buttons approve or refuse; empty where nobody is asked.
        team: of Slack.
        channel: likewise; empty where the command came from none.
        user: likewise.
        address: sealed for the event named by ``source`` and ``event``; empty without one.
        source: of the command's event.
        event: its id.
        at: when, seconds since 1970.
    """

    kind: Literal["reply"] = "reply"
    id: Id
    step: Word
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    code: Annotated[str, StringConstraints(max_length=LONGEST)] = ""
    final: bool = False
    visible: Literal["person", "channel"] = "person"
    ask: Annotated[str, Field(max_length=16)] = ""
    team: Name
    channel: Name = ""
    user: Name
    address: Annotated[str, StringConstraints(max_length=seal.LONGEST)] = ""
    source: Text
    event: Text
    at: Time
