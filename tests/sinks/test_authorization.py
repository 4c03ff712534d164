from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.config import Fault, Secret
from schemas.errors import Refused
from sinks.authorization import Authorization, check_secrecy
from sinks.fresh import FRESH

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_credentials_there_is_no_header() -> None:
    assert () == Authorization().headers()


def test_a_rotated_token_is_used_as_soon_as_the_old_one_is_not_fresh(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    clock = Clock()
    authorization = Authorization(token=Secret.from_file(tmp_path / "token"), clock=clock)
    headers = [authorization.headers()]

    (tmp_path / "token").write_text("new")
    headers.append(authorization.headers())
    clock.now += FRESH
    headers.append(authorization.headers())

    assert ["Bearer old", "Bearer old", "Bearer new"] == [value for ((_, value),) in headers]


@pytest.mark.parametrize("token", ["a b", "a\r\nb: c", "\N{SNOWMAN}"])
def test_a_token_that_no_header_can_hold_is_refused_without_showing_it(token: str) -> None:
    authorization = Authorization(token=Secret.from_env("TOKEN", {"TOKEN": token}))

    with pytest.raises(Refused, match="characters") as caught:
        authorization.headers()

    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "insecure"),
    [
        ("https://far.example/", False),
        ("amqps://far.example/", False),
        ("http://127.0.0.1:1/", False),
        ("amqp://localhost/", False),
        ("http://[::1]/", False),
        ("http://far.example/", True),
    ],
)
def test_secrets_travel_encrypted_or_on_this_machine_or_where_allowed(url: str, insecure: bool) -> None:  # noqa: FBT001 - parametrised
    check_secrecy(url, insecure=insecure, field="url")


@pytest.mark.parametrize("url", ["http://far.example/", "amqp://far.example/", "http://127.0.0.1.far.example/"])
def test_secrets_do_not_travel_in_clear(url: str) -> None:
    with pytest.raises(Fault, match="unencrypted"):
        check_secrecy(url, insecure=False, field="url")
