from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sinks.slack import SlackSinkConfig

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "token").write_text("xoxb-1\n")
    (tmp_path / "key").write_text("k" * 32)
    return {"bot_token_file": str(tmp_path / "token"), "seal_key_file": str(tmp_path / "key")}


def config(**fields: Any) -> SlackSinkConfig:
    return SlackSinkConfig.model_validate({"name": "chat", **fields})


def problem(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        config(**fields)
    return str(caught.value)


def test_slacks_own_addresses_are_the_default(files: dict[str, str]) -> None:
    made = config(**files)

    assert ("https://slack.com/api/", "https://hooks.slack.com/", True) == (made.api, made.hooks, made.ordered)


def test_either_key_is_enough(files: dict[str, str]) -> None:
    for name, path in files.items():
        config(**{name: path})
    assert "has no way to say anything" in problem()


def test_a_base_ends_in_a_slash(files: dict[str, str]) -> None:
    made = config(**files, api="https://proxy/api", hooks="https://proxy/hooks//")

    assert ("https://proxy/api/", "https://proxy/hooks/") == (made.api, made.hooks)


def test_a_channel_needs_the_bot_and_a_text_the_channel(files: dict[str, str]) -> None:
    key = {"seal_key_file": files["seal_key_file"]}
    assert "is open only to who has a bot token" in problem(**key, channel="C0123ABCD")
    assert "has no effect without channel" in problem(**files, text="x")


@pytest.mark.parametrize("channel", ["#general", "general", "c0123abcd", "T0123ABCD", "C" * 40, "C1 "])
def test_a_channel_is_an_id(files: dict[str, str], channel: str) -> None:
    assert "is no id of a channel" in problem(**files, channel=channel)


def test_a_template_is_looked_at(files: dict[str, str]) -> None:
    assert "is not Jinja" in problem(**files, channel="C0123ABCD", text="{{ event.")


def test_a_short_key_is_none(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")
    assert "is too short for a key" in problem(**files)


@pytest.mark.parametrize("key", ["api", "hooks"])
def test_secrets_go_encrypted(files: dict[str, str], key: str) -> None:
    assert "would send the secret unencrypted" in problem(**files, **{key: "http://slack.example.org/"})
    config(**files, insecure=True, **{key: "http://slack.example.org/"})
    config(**files, **{key: "http://127.0.0.1:8080/"})
