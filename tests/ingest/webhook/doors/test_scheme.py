from __future__ import annotations

from typing import Any

import pytest

from ingest.webhook.doors.scheme import BASIC, BEARER, CERTIFICATE, SecurityScheme, schemes
from schemas.config import Secret
from schemas.config.webhook import DoorConfig

SECRET = Secret.from_env("S", {"S": "s3cr3t"})


def signature(header: str) -> SecurityScheme:
    return SecurityScheme(f"signature-{header}", {"type": "apiKey", "in": "header", "name": header})


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        ({"token": SECRET}, (BEARER,)),
        ({"username": "u", "password": SECRET}, (BASIC,)),
        ({"certificates": ["a.example.org"], "token": SECRET}, (CERTIFICATE, BEARER)),
        ({"hmac": {"secret": SECRET}}, (signature("X-Hub-Signature-256"),)),
        ({"hmac": {"secret": SECRET, "preset": "slack"}}, (signature("X-Slack-Signature"),)),
        ({"hmac": {"secret": SECRET, "header": "X-Mine"}}, (signature("X-Mine"),)),
        ({"open": True}, ()),
        ({"path_token": SECRET, "allow": ["10.0.0.0/8"]}, ()),
    ],
)
def test_every_proof_in_a_header_or_a_certificate_has_a_name(
    door: dict[str, Any], expected: tuple[SecurityScheme, ...]
) -> None:
    assert expected == schemes(DoorConfig.model_validate(door), SECRET)


@pytest.mark.parametrize(("token", "expected"), [(SECRET, (BEARER,)), (None, ())])
def test_a_door_that_is_not_written_asks_for_the_servers_token(
    token: Secret | None, expected: tuple[SecurityScheme, ...]
) -> None:
    assert expected == schemes(None, token)
