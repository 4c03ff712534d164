"""The stand-in is as strict as Slack: a sink that is wrong is told so."""

from __future__ import annotations

import json
import ssl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from ops.demo.child import Child
from tests.support.chat import BOT, CHANNEL, TOKEN, USER, Chat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "x"}}
SAID: dict[str, Any] = {"text": "hello", "blocks": [SECTION]}
HOOK = SAID | {"response_type": "ephemeral", "replace_original": False}


async def ask(
    url: str, body: Any, ca_file: Path, *, token: str = TOKEN, kind: str = "application/json"
) -> tuple[int, str]:
    """Status, and the error's name or ``ok``."""
    trust = ssl.create_default_context(cafile=ca_file)
    headers = {"Content-Type": kind, "Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(url, data=json.dumps(body), headers=headers, ssl=trust)
        text = await answer.text()
    said = json.loads(text) if text.startswith("{") else {"error": text}
    return answer.status, "ok" if said.get("ok") else said["error"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "chat"
    made.mkdir()
    return made


async def test_a_reply_address_serves_five_times(folder: Path) -> None:
    async with Chat(folder) as chat:
        hook, other = chat.hook(), chat.hook()
        answers = [await ask(hook, HOOK, chat.ca_file) for _ in range(6)]
        assert [(200, "ok")] * 5 + [(404, "used_url")] == answers
        assert (200, "ok") == await ask(other, HOOK, chat.ca_file)
        assert 6 == len(chat.messages())


async def test_a_reply_address_serves_half_an_hour(folder: Path) -> None:
    async with Chat(folder) as chat:
        assert (200, "ok") == await ask(chat.hook(age=1700), HOOK, chat.ca_file)
        assert (404, "expired_url") == await ask(chat.hook(age=1800), HOOK, chat.ca_file)
        assert (404, "no_service") == await ask(f"{chat.hooks}commands/T1/nothing", HOOK, chat.ca_file)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (HOOK | {"text": ""}, "no_text"),
        (HOOK | {"text": "x" * 4001}, "msg_too_long"),
        (HOOK | {"text": "<!channel>"}, "invalid_arguments"),
        (HOOK | {"channel": CHANNEL}, "invalid_arguments"),
        (HOOK | {"response_type": "public"}, "invalid_payload"),
        (HOOK | {"replace_original": True}, "invalid_payload"),
        (HOOK | {"blocks": [SECTION] * 51}, "invalid_blocks"),
        (HOOK | {"blocks": [SECTION | {"more": 1}]}, "invalid_blocks"),
        (
            HOOK | {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}]},
            "invalid_blocks",
        ),
        (HOOK | {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}]}, "invalid_blocks"),
        (HOOK | {"blocks": [{"type": "actions", "elements": []}]}, "invalid_blocks"),
        ([], "invalid_payload"),
    ],
)
async def test_what_slack_would_not_take_is_refused(folder: Path, body: Any, word: str) -> None:
    async with Chat(folder) as chat:
        assert (400, word) == await ask(chat.hook(), body, chat.ca_file)
        assert [] == chat.messages()


async def test_json_says_that_it_is_json(folder: Path) -> None:
    async with Chat(folder) as chat:
        assert (400, "invalid_payload") == await ask(chat.hook(), HOOK, chat.ca_file, kind="text/plain")


@pytest.mark.parametrize(
    ("method", "body", "word"),
    [
        ("chat.postMessage", {"channel": CHANNEL}, "ok"),
        ("chat.postMessage", {"channel": USER}, "ok"),
        ("chat.postMessage", {"channel": "C0009ABCD"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "G0009ABCD"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C7"}, "channel_not_found"),
        ("chat.postMessage", {"channel": CHANNEL, "user": USER}, "invalid_arguments"),
        ("chat.postEphemeral", {"channel": CHANNEL, "user": USER}, "ok"),
        ("chat.postEphemeral", {"channel": CHANNEL, "user": "U7"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": USER, "user": USER}, "channel_not_found"),
        ("chat.delete", {"channel": CHANNEL}, "unknown_method"),
    ],
)
async def test_the_bot_speaks_where_it_is_a_member(folder: Path, method: str, body: Any, word: str) -> None:
    channels = {CHANNEL: {USER, BOT}, "C0009ABCD": {USER}, "G0009ABCD": {USER}}
    async with Chat(folder, channels=channels) as chat:
        assert (200, word) == await ask(f"{chat.api}{method}", SAID | body, chat.ca_file)
        assert int(word == "ok") == len(chat.messages())


async def test_a_wrong_token_is_refused(folder: Path) -> None:
    async with Chat(folder) as chat:
        for method in ("auth.test", "chat.postMessage"):
            url = f"{chat.api}{method}"
            assert (200, "invalid_auth") == await ask(url, SAID | {"channel": CHANNEL}, chat.ca_file, token="xoxb-no")


async def test_what_comes_too_fast_is_too_much(folder: Path) -> None:
    async with Chat(folder, every=3600) as chat:
        url, body = f"{chat.api}chat.postMessage", SAID | {"channel": CHANNEL}
        answers = [await ask(url, body, chat.ca_file) for _ in range(2)]
        assert [(200, "ok"), (429, "ratelimited")] == answers


async def test_it_is_the_same_after_it_was_away(folder: Path) -> None:
    async with Chat(folder) as chat:
        hook = chat.hook()
        assert (200, "ok") == await ask(hook, HOOK, chat.ca_file)
        await chat.leave()
        with pytest.raises(aiohttp.ClientError):
            await ask(hook, HOOK, chat.ca_file)
        await chat.come_back()
        assert [(200, "ok")] * 4 + [(404, "used_url")] == [await ask(hook, HOOK, chat.ca_file) for _ in range(5)]


async def test_a_process_of_it_remembers_what_it_was_told_before_it_was_killed(folder: Path) -> None:
    """Also after a kill in the middle of a line."""
    file = folder / "messages.jsonl"
    async with Chat(folder / "another") as chat:
        path = chat.hook().removeprefix(chat.hooks)

    with started(file) as (child, said):
        hook, port = f"{said['hooks']}{path}", said["proxy"].rpartition(":")[2]
        assert [(200, "ok")] * 3 == [await ask(hook, HOOK, folder / "ca.pem") for _ in range(3)]
        child.kill()
    with file.open("ab") as torn:
        torn.write(b'{"way":"hook","te')
    with started(file, "--port", port) as (_, again):
        assert said == again
        assert [(200, "ok")] * 2 + [(404, "used_url")] == [await ask(hook, HOOK, folder / "ca.pem") for _ in range(3)]

    assert [CHANNEL] * 5 == [json.loads(line)["channel"] for line in file.read_text().splitlines()]


@contextmanager
def started(file: Path, *options: str) -> Iterator[tuple[Child, dict[str, str]]]:
    """The process, and what it says of itself."""
    argv = ["tests.support.chat", "--file", str(file), *options]
    child = Child("chat", argv, file.parent, {"PYTHONPATH": str(ROOT)})
    try:
        yield child, json.loads(child.first_line())
    finally:
        child.kill()
