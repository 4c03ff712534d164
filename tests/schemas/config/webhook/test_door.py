from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config import EndpointConfig, Secret
from schemas.config.webhook import DoorConfig

SECRET = Secret.from_env("T", {"T": "hunter2"})


@pytest.mark.parametrize(
    "door",
    [
        {"token": SECRET},
        {"username": "u", "password": SECRET},
        {"hmac": {"secret": SECRET}},
        {"hmac": {"secret": SECRET, "preset": "slack", "window": "1m"}, "allow": ["10.0.0.0/8"]},
        {"path_token": SECRET, "allow": ["10.1.2.3", "fd00::/8"]},
        {"certificates": ["sender.example.org"]},
    ],
)
def test_whatever_a_sender_must_show_closes_the_door(door: dict[str, Any]) -> None:
    assert DoorConfig.model_validate(door).proves


def test_an_open_door_has_to_be_said() -> None:
    assert not DoorConfig.model_validate({"open": True}).proves


@pytest.mark.parametrize(
    ("door", "message"),
    [
        ({}, "asks for nothing"),
        ({"open": True, "token": SECRET}, "is open and closed at once"),
        ({"username": "u"}, "is only half of an account"),
        ({"password": SECRET}, "is only half of an account"),
        ({"username": "u:v", "password": SECRET}, "nor with a colon"),
        ({"username": "u", "password": SECRET, "token": SECRET}, "cannot be sent beside a token"),
        ({"allow": ["10.0.0.1/8"]}, "is not an address range"),
        ({"allow": ["example.org"]}, "is not an address range"),
        ({"hmac": {"secret": SECRET, "header": "X Sig"}}, "is not the name of a header"),
        ({"hmac": {"secret": SECRET, "timestamp_header": ""}}, "is not the name of a header"),
    ],
)
def test_a_door_that_means_nothing_is_refused(door: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DoorConfig.model_validate(door)


@pytest.mark.parametrize("door", [{"hmac": {"secret": SECRET}}, {"path_token": SECRET}])
def test_a_door_that_stats_cannot_have_is_none_of_an_event_router(door: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="cannot guard GET /stats"):
        EndpointConfig.model_validate({"type": "event-router", "door": door})
