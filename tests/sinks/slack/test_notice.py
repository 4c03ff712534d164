"""Against the stand-in: events that are no replies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from schemas.errors import Refused, Reject, Unavailable
from tests.sinks.bench import event
from tests.sinks.destination import Answer, Destination, always
from tests.support.chat import BOT, CHANNEL, USER

if TYPE_CHECKING:
    from tests.sinks.slack.bench import SlackBench


async def test_an_event_is_told_in_the_channel(bench: SlackBench) -> None:
    sink = await bench.opened()

    await sink.send(event())

    (message,) = bench.chat.messages()
    assert ("chat.postMessage", CHANNEL, "channel") == (message["way"], message["channel"], message["visible"])
    await sink.close()


@pytest.mark.parametrize("source", ["/siem", "/reflexarc", "/reflexarcother.execute", "/other.execute"])
async def test_a_reply_of_somebody_else_s_is_no_reply(bench: SlackBench, source: str) -> None:
    """The bot would say a sender's words to a person of the sender's choice, with buttons for what waits."""
    sink = await bench.opened()
    forged = replace(bench.reply(bench.chat.hook(), text="press this", ask="a" * 16), source=source)

    await sink.send(forged)

    (message,) = bench.chat.messages()
    assert ("chat.postMessage", CHANNEL, "channel") == (message["way"], message["channel"], message["visible"])
    assert "press this" not in message["text"]
    await sink.close()


async def test_without_a_channel_an_event_is_rejected(bench: SlackBench) -> None:
    sink = await bench.opened(channel=None, text=None)

    with pytest.raises(Reject, match="the sink has no channel"):
        await sink.send(event())

    await sink.close()


@pytest.mark.parametrize(("members", "word"), [({CHANNEL: {USER}}, "not_in_channel"), ({}, "channel_not_found")])
async def test_a_channel_that_is_not_open_is_named_with_the_cure(
    bench: SlackBench, members: dict[str, set[str]], word: str
) -> None:
    bench.chat.rooms.members = members
    sink = await bench.opened()

    with pytest.raises(Reject, match=f"the channel {CHANNEL} is not open: Slack says {word} .invite the app into it"):
        await sink.send(event())

    bench.chat.rooms.members = {CHANNEL: {BOT}}
    await sink.send(event())
    await sink.close()


async def test_a_token_without_the_scope_is_refused_at_the_start(bench: SlackBench) -> None:
    bench.chat.scopes = "commands,chat:write.public"
    sink = bench.sink()

    with pytest.raises(Refused, match="the bot token lacks the scope chat:write") as caught:
        await sink.open()

    assert "it has commands,chat:write.public" in str(caught.value)
    await sink.close()


@pytest.mark.parametrize(
    "answer", [Answer(429, {"Retry-After": "9"}), Answer(503), Answer(200, body=b"<html>"), Answer(302)]
)
async def test_a_slack_that_cannot_say_who_we_are_is_away(bench: SlackBench, answer: Answer) -> None:
    async with Destination() as destination:
        destination.answer = always(answer)
        sink = bench.sink(api=f"{destination.url}/", ca_file=None)
        with pytest.raises(Unavailable, match="test was answered"):
            await sink.open()
        await sink.close()
    assert ["/auth.test"] == [received.path for received in destination.received]


async def test_a_secret_that_is_gone_makes_the_sink_away(bench: SlackBench) -> None:
    sink = bench.sink()
    bench.secret.unlink()

    with pytest.raises(Unavailable, match="does not exist"):
        await sink.send(event())
    with pytest.raises(Refused, match="does not exist"):
        await sink.open()

    await sink.close()
