from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from schemas.commands.reply import Reply
from schemas.errors import Reject
from sinks.slack import SlackSinkConfig
from sinks.slack.address import Addresses
from sinks.slack.verdict import Closed
from tests.sinks.slack.bench import reply_event, sealed
from tests.support.slack import KEYS

if TYPE_CHECKING:
    from pathlib import Path


def opened(folder: Path, address: str, *, hooks: str = "https://hooks.slack.com/", left: float = 60) -> str:
    key = folder / "key"
    key.write_text(KEYS["seal"])
    config = SlackSinkConfig.model_validate({"name": "s", "seal_key_file": str(key), "hooks": hooks})
    reply = Reply.decode(reply_event(sealed=sealed(address, left=left)).data)
    return Addresses(config).of(reply, now=time.time())


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.slack.com/commands/T0001ABCD/1234/5678abcd",
        "https://hooks.slack.com/actions/T1/2/aB3-_c",
        "https://hooks.slack.com/app/T0001ABCD/5678/abcd",
    ],
)
def test_addresses_of_slack_are_opened(tmp_path: Path, address: str) -> None:
    assert address == opened(tmp_path, address)


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.slack.com.example.org/commands/1",
        "https://hooks.slack.com@example.org/commands/1",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com:444/commands/1",
        "https://hooks.slack.com/",
        "https://hooks.slack.com/\\@example.org/",
        "https://hooks.slack.com/a b",
        "commands/1",
        "example.org/commands/1",
        "https://hooks.slack.com/a#b",
        "https://hooks.slack.com/a\nb",
        "https://hooks.slack.com/a%2fb",
        "https://hooks.slack.com/é",
        "https://example.org/https://hooks.slack.com/1",
        "https://hooks.slack.com/" + "a" * 1025,
    ],
)
def test_no_other_address_is_given_out(tmp_path: Path, address: str) -> None:
    """And the error does not quote it."""
    with pytest.raises(Reject) as caught:
        opened(tmp_path, address)

    assert "the reply address is none below https://hooks.slack.com/" == caught.value.reason


def test_nothing_leads_out_of_the_folder_of_a_proxy(tmp_path: Path) -> None:
    hooks = "https://proxy.example.org/slack"
    assert f"{hooks}/commands/1" == opened(tmp_path, f"{hooks}/commands/1", hooks=hooks)
    for address in (f"{hooks}/../admin", f"{hooks}/./../admin", f"{hooks}-other/1"):
        with pytest.raises(Reject):
            opened(tmp_path, address, hooks=hooks)


def test_an_expired_address_is_closed(tmp_path: Path) -> None:
    with pytest.raises(Closed, match="has expired"):
        opened(tmp_path, "https://hooks.slack.com/commands/1", left=-1)


def test_without_a_key_an_address_is_closed(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-1")
    config = SlackSinkConfig.model_validate({"name": "s", "bot_token_file": str(tmp_path / "token")})
    reply = Reply.decode(reply_event("https://hooks.slack.com/commands/1").data)

    with pytest.raises(Closed, match="the sink has no seal_key"):
        Addresses(config).of(reply, now=time.time())
