"""The keys of ``type: slack``."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas.config import Fault, HttpUrl, Secret
from schemas.config.address import Proxy  # noqa: TC001 - pydantic reads it
from schemas.config.keyfile import KeyFile  # noqa: TC001 - pydantic reads it
from schemas.templates.template import Flawed, Template
from sinks.authorization import check_secrecy
from sinks.http import HttpConnectionConfig

API: Final = "https://slack.com/api/"
HOOKS: Final = "https://hooks.slack.com/"

_CHANNEL: Final = re.compile(r"[CDGUW][A-Z0-9]{1,31}")


def _channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        raise Fault("is no id of a channel", "write the id, C0123ABCD, and no name: the channel's details end with it")
    return text


def _template(source: str) -> str:
    try:
        Template(source)
    except Flawed as error:
        flaw = error.flaws[0]
        raise Fault(f"{flaw.what} (line {flaw.line} of it)", flaw.cure) from None
    return source


def _folder(url: str) -> str:
    return f"{url.rstrip('/')}/"


Below = Annotated[HttpUrl, AfterValidator(_folder)]
"""An address that others begin with; ends in a slash."""


class SlackSinkConfig(HttpConnectionConfig):
    """Who we are in Slack, and where what is no answer to a command goes."""

    type: Literal["slack"] = Field("slack", description="Which connector.")
    bot_token: Secret | None = Field(
        None, description="Bot token (xoxb-…) with the scope chat:write; without one only reply addresses are used."
    )
    seal_key: KeyFile | None = Field(
        None, description="Key that opens reply addresses, that of the webhook's endpoint; every line counts."
    )
    channel: Annotated[str, AfterValidator(_channel)] | None = Field(
        None, description="Id of the channel for events that are no replies; needs bot_token."
    )
    text: Annotated[str, AfterValidator(_template)] | None = Field(
        None, description="Template of what is said there; it reads event and data; default: what and when."
    )
    api: Below = Field(API, description="Slack's Web API; another address for a proxy before it.")
    hooks: Below = Field(
        HOOKS, description="What reply addresses begin with; no other is called. Another one for a proxy before it."
    )
    proxy: Proxy | None = Field(
        None, description="Proxy for this sink: http://host:port; default: the environment's, never for loopback."
    )

    @model_validator(mode="after")
    def _has_a_way(self) -> SlackSinkConfig:
        if self.bot_token is None and self.seal_key is None:
            cure = "write seal_key_file for answers to commands, bot_token_file for everything"
            raise Fault("has no way to say anything", cure, field="bot_token")
        if self.channel is not None and self.bot_token is None:
            raise Fault("is open only to who has a bot token", "write bot_token_file", field="channel")
        if self.text is not None and self.channel is None:
            raise Fault("has no effect without channel", "write channel, or remove it", field="text")
        return self

    @model_validator(mode="after")
    def _secrets_are_kept(self) -> SlackSinkConfig:
        # A reply address is a secret, too: who knows it may speak in the channel.
        for field, url in (("api", self.api), ("hooks", self.hooks)):
            check_secrecy(url, insecure=self.insecure, field=field, proxied=self.proxy is not None)
        return self
