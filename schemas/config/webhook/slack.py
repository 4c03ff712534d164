"""Who may give commands in Slack, and the keys that protect what becomes of them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from schemas.config.address import HttpUrl
from schemas.config.fault import Fault
from schemas.config.keyfile import KeyFile
from schemas.config.model import Model
from schemas.config.secret import Secret

_ID: Final = re.compile(r"[A-Z0-9]{2,32}")


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Fault("is not an id of Slack", "write the id, T0123ABCD or U0123ABCD, and no name")
    return text


SlackId = Annotated[str, AfterValidator(_id)]
"""Of a workspace (T…, E…) or a person (U…, W…)."""


class SocketModeConfig(Model):
    """How to ask Slack for what it has, where it cannot reach us."""

    app_token: Secret = Field(description="App-level token (xapp-…) with the scope connections:write.")
    api: HttpUrl = Field(
        "https://slack.com/api/", description="Slack's Web API; another address for a proxy before it."
    )


class SlackConfig(Model):
    """Commands and interactive payloads of a Slack app."""

    teams: tuple[SlackId, ...] = Field((), description="Ids of the workspaces that may give commands; empty: none.")
    users: tuple[SlackId, ...] = Field((), description="Ids of the people who may give commands; empty: nobody.")
    seal_key: KeyFile = Field(
        description="Key that reply addresses are encrypted with; the first line, further ones open old ones."
    )
    principal_key: KeyFile = Field(description="Key that says who gave a command is signed with; as seal_key.")
    socket_mode: SocketModeConfig | None = Field(
        None, description="Ask for commands by a connection to Slack; without a door by nothing else."
    )
