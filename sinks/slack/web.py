"""Slack's Web API, as a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Refused
from sinks.authorization import Authorization
from sinks.slack.verdict import of_method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config import Secret
    from sinks.jsonapi import Deadline
    from sinks.slack.answer import Asker
    from sinks.slack.message import Message

WRITE: Final = "chat:write"

_METADATA: Final = "reflexarc_reply"


class Web:
    """Posts messages.

    Args:
        api: what the methods' addresses begin with.
        token: the bot's.
        asker: asks.
    """

    def __init__(self, api: str, token: Secret, asker: Asker) -> None:
        self._api = api
        self._authorization = Authorization(token=token)
        self._asker = asker

    async def check(self, deadline: Deadline) -> None:
        """See that the token is one, and may write where Slack says what it may.

        Raises:
            Refused: it is none, or may not.
            Retry: Slack does not say so now.
            Unreachable: Slack is away.
        """
        scopes = await self._ask("auth.test", {}, deadline)
        if scopes is not None and WRITE not in {each.strip() for each in scopes.split(",")}:
            cure = f"add it to the app, and install it again; it has {scopes[:200] or 'none'}"
            raise Refused(f"the bot token lacks the scope {WRITE}", cure=cure)

    async def to_channel(
        self, channel: str, message: Message, deadline: Deadline, about: Mapping[str, str] | None = None
    ) -> None:
        """Show a message to all in a channel, or, by the id of a person, to that person.

        Args:
            channel: id of either.
            message: what is shown.
            deadline: of the request.
            about: what programs read of the message.

        Raises:
            Closed: the channel is not open to the bot.
            Retry, Reject: as Slack says.
            Refused: the token is not accepted.
            Unreachable: Slack is away, or did not answer.
        """
        body = {"channel": channel, **message.members(), "unfurl_links": False, "unfurl_media": False}
        if about is not None:
            body["metadata"] = {"event_type": _METADATA, "event_payload": dict(about)}
        await self._ask("chat.postMessage", body, deadline)

    async def to_person(self, channel: str, user: str, message: Message, deadline: Deadline) -> None:
        """Show a message in a channel to one person there, for as long as that person's client keeps it.

        Raises:
            Closed: the channel is not open to the bot, or to the person.
            Retry, Reject, Refused, Unreachable: as above.
        """
        await self._ask("chat.postEphemeral", {"channel": channel, "user": user, **message.members()}, deadline)

    async def _ask(self, method: str, body: Mapping[str, Any], deadline: Deadline) -> str | None:
        """The token's scopes, where the answer says them."""
        answer = await self._asker.post(f"{self._api}{method}", body, deadline, self._authorization.headers())
        if found := of_method(method, answer):
            raise found
        return answer.headers.get("x-oauth-scopes")
