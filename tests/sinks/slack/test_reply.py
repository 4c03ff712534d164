"""Against the stand-in: how an answer gets to its person."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from schemas.errors import Reject, Retry, Unavailable
from tests.sinks.bench import SOON
from tests.sinks.conformance import Overheard
from tests.sinks.slack.bench import ACTION, SlackBench, sealed
from tests.support.chat import BOT, CHANNEL, USER, Chat
from tests.support.slack import KEYS


def ways(chat: Chat) -> list[tuple[str, str, str, str]]:
    return [(each["way"], each["visible"], each["channel"], each["user"]) for each in chat.messages()]


@pytest.mark.parametrize("visible", ["person", "channel"])
async def test_an_answer_goes_to_the_address_of_its_command(bench: SlackBench, visible: str) -> None:
    """To the person alone, or to all; the bot is not needed."""
    sink = await bench.opened(bot_token_file=None, channel=None, text=None)

    await sink.send(bench.reply(bench.chat.hook(), visible=visible))

    assert [("hook", visible, CHANNEL, USER)] == ways(bench.chat)
    assert f"power-off of web-1: done\nreflexarc {ACTION} succeeded" == bench.chat.messages()[0]["text"]
    await sink.close()


async def test_slacks_own_addresses_are_reached_by_a_proxy(bench: SlackBench) -> None:
    sink = await bench.opened(hooks=None, api=None, proxy=bench.chat.proxy)

    await sink.send(bench.reply(bench.chat.hook(public=True)))

    assert [("hook", "person", CHANNEL, USER)] == ways(bench.chat)
    assert {"slack.com:443", "hooks.slack.com:443"} == set(bench.chat.targets)
    await sink.close()


async def test_the_sixth_answer_is_said_by_the_bot(bench: SlackBench) -> None:
    sink = await bench.opened()
    address = sealed(bench.chat.hook())

    for step in ("acknowledged", "decided", "started", "planned", "succeeded", "undone"):
        await sink.send(bench.reply(sealed=address, step=step))

    assert ["hook"] * 5 + ["chat.postEphemeral"] == [each["way"] for each in bench.chat.messages()]
    assert f"reflexarc {ACTION} undone" == bench.chat.messages()[-1]["text"].split("\n")[-1]
    await sink.close()


@pytest.mark.parametrize("address", ["none", "late seal", "late hook", "foreign key", "other command", "garbage"])
async def test_without_an_open_address_the_bot_says_it(bench: SlackBench, address: str) -> None:
    hook = bench.chat.hook()
    addresses = {
        "none": "",
        "late seal": sealed(hook, left=-1),
        "late hook": sealed(bench.chat.hook(age=1801)),
        "foreign key": sealed(hook, key="x" * 40),
        "other command": sealed(hook, command="another"),
        "garbage": "v1.garbage",
    }
    sink = await bench.opened()

    await sink.send(bench.reply(sealed=addresses[address]))

    assert [("chat.postEphemeral", "person", CHANNEL, USER)] == ways(bench.chat)
    await sink.close()


async def test_the_bot_says_to_all_what_is_for_all(bench: SlackBench) -> None:
    sink = await bench.opened()

    await sink.send(bench.reply(visible="channel"))

    (message,) = bench.chat.messages()
    assert [("chat.postMessage", "channel", CHANNEL, "")] == ways(bench.chat)
    assert {"id": ACTION, "step": "succeeded"} == message["metadata"]["event_payload"]
    await sink.close()


@pytest.mark.parametrize("visible", ["person", "channel"])
@pytest.mark.parametrize("channel", ["C0000CLOS", "G0001ABCD", ""])
async def test_where_the_bot_may_not_speak_it_says_it_in_private(bench: SlackBench, visible: str, channel: str) -> None:
    bench.chat.rooms.members = {"C0000CLOS": {USER}, "G0001ABCD": {USER}}
    sink = await bench.opened()

    await sink.send(bench.reply(channel=channel, visible=visible))

    assert [("chat.postMessage", "channel", f"D{USER[1:]}", USER)] == ways(bench.chat)
    await sink.close()


async def test_whom_the_bot_cannot_reach_either_is_in_the_dead_letters(bench: SlackBench) -> None:
    bench.chat.rooms.members = {CHANNEL: {BOT}}
    sink = await bench.opened()

    with pytest.raises(Reject, match=f"{USER} is not reached: a direct message is not open: .* channel_not_found"):
        await sink.send(bench.reply())

    await sink.close()


@pytest.mark.parametrize("address", ["none", "late", "used"])
async def test_without_a_bot_it_is_rejected_with_the_cure(bench: SlackBench, address: str) -> None:
    sink = await bench.opened(bot_token_file=None, channel=None, text=None)
    hook = bench.chat.hook()
    given = sealed(hook, left=-1) if address == "late" else sealed(hook) if address == "used" else ""
    for step in "abcde" if address == "used" else "":
        await sink.send(bench.reply(sealed=given, step=step))
    said = {"none": "is not there", "late": "has expired", "used": "serves no more: Slack says used_url"}

    with pytest.raises(Reject) as caught:
        await sink.send(bench.reply(sealed=given))

    cure = "write bot_token_file into the sink, and re-drive this letter"
    assert f"the reply address {said[address]}; only a bot could reach {USER} now ({cure})" == caught.value.reason
    await sink.close()


async def test_an_address_of_another_server_is_never_called(bench: SlackBench) -> None:
    """Nor is it said otherwise: whoever has made it holds the key."""
    sink = await bench.opened()
    elsewhere = bench.chat.hook(public=True)

    with pytest.raises(Reject, match=r"is none below https://127\.0\.0\.1"):
        await sink.send(bench.reply(elsewhere))

    assert [] == bench.chat.asked
    await sink.close()


@pytest.mark.parametrize("bot", [True, False])
async def test_a_wish_for_a_pause_is_heard(bench: SlackBench, bot: bool) -> None:  # noqa: FBT001
    sink = await bench.opened()
    bench.chat.limit(7)

    with pytest.raises(Retry) as caught:
        await sink.send(bench.reply() if bot else bench.reply(bench.chat.hook()))

    assert (7.0, "ratelimited") == (caught.value.after, caught.value.status)
    await sink.send(bench.reply())
    assert 1 == len(bench.chat.messages())
    await sink.close()


async def test_messages_that_follow_too_fast_wait(client: Any, tmp_path: Any) -> None:
    async with Chat(tmp_path / "chat", every=1.0) as chat:
        bench = SlackBench(client, tmp_path, chat)
        sink = await bench.opened()
        await sink.send(bench.reply(step="one"))
        with pytest.raises(Retry) as caught:
            await sink.send(bench.reply(step="two"))
        await sink.close()
    assert 1.0 == caught.value.after


@pytest.mark.parametrize("word", ["token_revoked", "invalid_auth", "account_inactive", "missing_scope"])
async def test_a_token_that_is_not_accepted_makes_the_sink_away(bench: SlackBench, word: str) -> None:
    """No reply is to blame, so none becomes a dead letter."""
    sink = await bench.opened()
    bench.chat.refuse(word)

    with pytest.raises(Unavailable, match=f"does not accept the bot token: {word} "):
        await sink.send(bench.reply())

    await sink.close()


async def test_any_other_refusal_is_final(bench: SlackBench) -> None:
    sink = await bench.opened()
    bench.chat.refuse("msg_blocks_too_long")

    with pytest.raises(Reject, match=r"chat\.postEphemeral: Slack says msg_blocks_too_long") as caught:
        await sink.send(bench.reply())

    assert "msg_blocks_too_long" == caught.value.status
    await sink.close()


async def test_silence_of_a_reply_address_is_tried_again(bench: SlackBench) -> None:
    sink = await bench.opened(timeout=SOON)
    address = bench.chat.hook()
    bench.chat.fall_silent()

    with pytest.raises(Retry, match="did not answer within"):
        await sink.send(bench.reply(address))

    await sink.close()


async def test_a_reply_address_that_has_trouble_is_tried_again(bench: SlackBench) -> None:
    sink = await bench.opened()
    address = sealed(bench.chat.hook())
    bench.chat.answer(503, {"Retry-After": "3"})

    with pytest.raises(Retry) as caught:
        await sink.send(bench.reply(sealed=address))
    await sink.send(bench.reply(sealed=address))

    assert (3.0, ["hook", "hook"]) == (caught.value.after, bench.chat.asked)
    await sink.close()


async def test_what_is_no_reply_is_rejected_without_its_words(bench: SlackBench) -> None:
    sink = await bench.opened()
    event = bench.reply(text="hunter2")
    broken = [
        b"{",
        b"[]",
        (event.data or b"").replace(b'"v":1', b'"v":9'),
        (event.data or b"").replace(ACTION.encode(), b"?"),
    ]

    for data in broken:
        with pytest.raises(Reject, match="the reply ") as caught:
            await sink.send(replace(event, data=data))
        assert "hunter2" not in str(caught.value)

    assert [] == bench.chat.asked
    await sink.close()


async def test_neither_address_nor_token_is_ever_told(bench: SlackBench) -> None:
    """In no error and no log, whatever Slack answers."""
    sink = await bench.opened(timeout=SOON)
    hook = bench.chat.hook()
    secrets = {hook, hook.rpartition("/")[2], bench.password, KEYS["seal"]}
    said: list[str] = []
    with Overheard() as logs:
        for status in (302, 400, 404, 429, 500):
            bench.chat.answer(status, {"Location": hook}, hook.encode())
            said += await failure(sink, bench.reply(hook))
        bench.chat.fall_silent()
        said += await failure(sink, bench.reply(hook))
        await bench.leave()
        said += await failure(sink, bench.reply(hook))
        await sink.close()
        said += [repr(sink), *logs]

    assert len(said) > 7
    assert [] == [text for text in said if any(secret in text for secret in secrets)]


async def failure(sink: Any, event: Any) -> list[str]:
    try:
        await sink.send(event)
    except (Reject, Retry, Unavailable) as error:
        return [f"{error} {error!r} {error.args}"]
    return []


async def test_a_rotated_seal_key_opens_old_addresses(bench: SlackBench) -> None:
    """Every line opens, and the file is read again."""
    sink = await bench.opened(bot_token_file=None, channel=None, text=None)
    old, new = sealed(bench.chat.hook()), sealed(bench.chat.hook(), key="n" * 40)
    bench.key.write_text(f"{'n' * 40}\n{KEYS['seal']}\n")

    async with asyncio.timeout(10):
        await until_taken(sink, bench.reply(sealed=new))
    await sink.send(bench.reply(sealed=old))

    assert 2 == len(bench.chat.messages())
    await sink.close()


async def until_taken(sink: Any, event: Any) -> None:
    while True:
        try:
            await sink.send(event)
        except Reject:
            await asyncio.sleep(0.1)
        else:
            return


async def test_answers_over_a_connection_that_is_kept(bench: SlackBench) -> None:
    sink = await bench.opened()

    for step in range(20):
        await sink.send(bench.reply(step=f"s{step}"))

    assert [f"s{step}" for step in range(20)] == [each["text"].split()[-1] for each in bench.chat.messages()]
    assert 1 == bench.chat.connections
    await sink.close()
