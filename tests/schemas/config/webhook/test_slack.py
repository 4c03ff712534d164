from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config import EndpointConfig, Secret

KEY = Secret.from_env("K", {"K": "k" * 44})
SHORT = Secret.from_env("K", {"K": "k" * 44 + "\nsecret"})
SLACK = {"teams": ["T0123ABCD"], "users": ["U0123ABCD", "W0123ABCD"], "seal_key": KEY, "principal_key": KEY}
DOOR = {"hmac": {"preset": "slack", "secret": KEY}}
OTHERWISE = {"hmac": {"preset": "slack", "secret": KEY, "timestamp_header": "X-Other-Time"}}


def endpoint(**changes: Any) -> EndpointConfig:
    return EndpointConfig.model_validate({"type": "slack", "door": DOOR, "slack": SLACK} | changes)


def fault(**changes: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        endpoint(**changes)
    return str(refused.value)


def test_who_is_not_named_may_do_nothing() -> None:
    settings = endpoint(slack={"seal_key": KEY, "principal_key": KEY}).slack

    assert settings is not None
    assert ((), ()) == (settings.teams, settings.users)


@pytest.mark.parametrize("door", [None, {"open": True}, {"token": KEY}, {"hmac": {"secret": KEY}}, OTHERWISE])
def test_an_endpoint_that_does_not_check_slacks_signature_is_refused(door: dict[str, Any] | None) -> None:
    assert "does not check Slack's signature" in fault(door=door)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"slack": None}, "is missing"),
        ({"type": "cloudevents"}, "has no effect on type cloudevents"),
        ({"slack": SLACK | {"users": ["alice"]}}, "is not an id of Slack"),
        ({"slack": SLACK | {"teams": ["*"]}}, "is not an id of Slack"),
        ({"slack": SLACK | {"seal_key": SHORT}}, "is too short for a key"),
        ({"slack": SLACK | {"principal_key": SHORT}}, "is too short for a key"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, Any], what: str) -> None:
    said = fault(**changes)

    assert what in said
    assert "secret\n" not in said
