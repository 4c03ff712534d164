"""The connector: replies to whoever has given a command, other events to a channel."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from time import time
from typing import TYPE_CHECKING

from schemas.commands.reply import TYPE, Reply
from schemas.errors import DeliveryError, Refused, Reject, Unavailable, Unreachable
from schemas.remediation.model import InvalidRemediation
from sinks.answers import silence
from sinks.eventtype import rename
from sinks.jsonapi import Deadline
from sinks.slack import board
from sinks.slack.address import Addresses
from sinks.slack.answer import Asker
from sinks.slack.config import SlackSinkConfig
from sinks.slack.verdict import Closed, of_hook
from sinks.slack.web import Web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext
    from sinks.slack.message import Message

log = logging.getLogger(__name__)


class SlackSink:
    """Brings a reply to its person by the address of the command, or as a bot when that is used up.

    An address serves five times within half an hour of the command; what an action has to say may be more, and later.

    What claims to be a reply, or to wait for an answer, and does not come from this installation is shown as any other
    event: whoever sends events in may choose their type, but not a source that begins like ours.

    Args:
        config: the sink.
        context: has the HTTP client, and the name of this installation.
    """

    Config = SlackSinkConfig

    def __init__(self, config: SlackSinkConfig, context: SinkContext) -> None:
        self._config = config
        self._origin = None if context.kafka is None else f"/{context.kafka.prefix}."
        self._asker = Asker(config, context.http)
        self._addresses = Addresses(config)
        self._board = board.Board(config.text)
        self._web = None if config.bot_token is None else Web(config.api, config.bot_token, self._asker)

    async def open(self) -> None:
        """Have Slack accept the bot token; without one only connect, since no reply address may be used up for it."""
        try:
            if self._web is None:
                await self._asker.reach(self._config.hooks, self._config.timeout)
            else:
                await self._web.check(Deadline(self._config.timeout))
        except (Closed, DeliveryError, Unreachable) as error:
            raise Unavailable(str(error)) from None

    async def send(self, event: CloudEvent) -> None:
        """Show one event.

        Raises:
            Reject: it cannot be shown, or nobody is there to see it.
            Retry: not now, or Slack has not answered.
            Unavailable: Slack is away, or does not accept the token.
        """
        deadline = Deadline(self._config.timeout)
        with _told():
            if event.type == TYPE and self._is_ours(event):
                await self._answer(_reply(event), deadline)
            else:
                await self._tell(rename(event, self._config.type_format), deadline)

    async def close(self) -> None:
        """Nothing to release: connections belong to the process."""

    async def _tell(self, event: CloudEvent, deadline: Deadline) -> None:
        if self._web is None or self._config.channel is None:
            raise Reject("the event is no reply, and the sink has no channel (write channel and bot_token_file)")
        try:
            said = self._board.notice(event, ours=self._is_ours(event))
            await self._web.to_channel(self._config.channel, said, deadline)
        except Closed as closed:
            cure = "invite the app into it, or write another channel"
            raise Reject(f"the channel {self._config.channel} {closed} ({cure})") from None

    def _is_ours(self, event: CloudEvent) -> bool:
        return self._origin is not None and event.source.startswith(self._origin)

    async def _answer(self, reply: Reply, deadline: Deadline) -> None:
        message = board.answer(reply)
        try:
            await self._to_address(self._addresses.of(reply, now=time()), reply, message, deadline)
        except Closed as closed:
            why = f"the reply address {closed}"
        else:
            return
        if self._web is None:
            cure = "write bot_token_file into the sink, and re-drive this letter"
            raise Reject(f"{why}; only a bot could reach {reply.user} now ({cure})")
        log.info("%s: action %s: %s; the bot says it", self._config.name, reply.id, why)
        await self._as_bot(self._web, reply, message, deadline)

    async def _to_address(self, address: str, reply: Reply, message: Message, deadline: Deadline) -> None:
        kind = "in_channel" if reply.visible == "channel" else "ephemeral"
        body = {"response_type": kind, "replace_original": False, **message.members()}
        if found := of_hook(await self._asker.post(address, body, deadline)):
            raise found

    async def _as_bot(self, web: Web, reply: Reply, message: Message, deadline: Deadline) -> None:
        about = {"id": reply.id, "step": reply.step}
        if reply.channel:
            try:
                if reply.visible == "channel":
                    await web.to_channel(reply.channel, message, deadline, about)
                else:
                    await web.to_person(reply.channel, reply.user, message, deadline)
            except Closed as closed:
                log.info("%s: action %s: the channel %s; it is said in private", self._config.name, reply.id, closed)
            else:
                return
        try:
            await web.to_channel(reply.user, message, deadline, about)
        except Closed as closed:
            raise Reject(f"{reply.user} is not reached: a direct message {closed}") from None


def _reply(event: CloudEvent) -> Reply:
    try:
        return Reply.decode(event.data)
    except InvalidRemediation as error:
        raise Reject(f"the reply {error}") from None


@contextmanager
def _told() -> Iterator[None]:
    """What we lack, and silence, in the engine's words."""
    try:
        yield
    except Refused as error:
        raise Unavailable(str(error)) from None
    except Unreachable as error:
        raise silence(error) from None
