"""A slash command: the fields of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.webhook.slack.call import Call, call
from ingest.webhook.slack.text import plain
from schemas.commands.kinds import SLASH

if TYPE_CHECKING:
    from collections.abc import Mapping


def command(fields: Mapping[str, object]) -> Call:
    """Return the call of a slash command.

    Raises:
        InvalidEvent: the message begins with the field at fault.
    """
    text = fields.get("text")
    return call(
        SLASH,
        id=fields.get("trigger_id"),
        command=fields.get("command"),
        text=plain(text) if isinstance(text, str) else "",
        team=fields.get("team_id"),
        channel=fields.get("channel_id"),
        user=fields.get("user_id"),
        reply=fields.get("response_url"),
    )
