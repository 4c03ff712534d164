from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config import Secret, WebhookConfig

TOKEN = Secret.from_env("T", {"T": "hunter2"})


@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "localhost:0", "[::1]:8080"])
def test_loopback_needs_no_token(listen: str) -> None:
    assert listen == WebhookConfig(listen=listen).listen


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "[::]:8080", "example.org:8080", "10.0.0.1:80"])
def test_the_network_needs_a_token(listen: str) -> None:
    assert TOKEN == WebhookConfig(listen=listen, token=TOKEN).token
    with pytest.raises(ValidationError, match="is open to the network without a token"):
        WebhookConfig(listen=listen)


def test_an_ipv6_address_is_bound_without_its_brackets() -> None:
    webhook = WebhookConfig(listen="[::1]:8080")
    assert ("::1", 8080) == (webhook.host, webhook.port)


def served(listen: str = "0.0.0.0:80", **endpoints: dict[str, Any]) -> WebhookConfig:
    given = {name: {"type": "cloudevents", **endpoint} for name, endpoint in endpoints.items()}
    return WebhookConfig.model_validate({"listen": listen, "endpoints": given})


def test_without_endpoints_there_are_two() -> None:
    webhook = WebhookConfig()
    assert {"events": "/events", "log": "/alerts/log"} == {name: webhook.path(name) for name in webhook.served}


def test_the_path_of_an_endpoint_is_its_name_unless_it_says_another() -> None:
    webhook = served("127.0.0.1:80", a={}, b={"path": "/c/d"})
    assert ["/a", "/c/d"] == [webhook.path(name) for name in webhook.served]


@pytest.mark.parametrize(
    "path", ["", "/", "a", "/a/", "//a", "/a//b", "/a b", "/{a}", "/../a", "/openapi.json", "/a?b"]
)
def test_a_path_that_no_sender_could_use_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="path"):
        served("127.0.0.1:80", a={"path": path})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"path": "/x"}, {"path": "/x"}),
        ({"path": "/x", "door": {"path_token": TOKEN}}, {"path": "/x/y"}),
        ({"path": "/x/y"}, {"path": "/x", "door": {"path_token": TOKEN}}),
    ],
)
def test_no_two_endpoints_may_answer_one_path(first: dict[str, Any], second: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"the paths of \w and \w overlap"):
        served("127.0.0.1:80", a=first, b=second)


def test_paths_below_one_another_are_different_paths() -> None:
    assert served("127.0.0.1:80", a={"path": "/x"}, b={"path": "/x/y"}, c={"path": "/xy"}).endpoints


def test_the_network_is_for_endpoints_with_doors_or_for_everybody_who_was_named() -> None:
    assert served(a={"door": {"token": TOKEN}}, b={"door": {"open": True}}).endpoints
    with pytest.raises(ValidationError, match="is open to the network without a token"):
        served(a={"door": {"token": TOKEN}}, b={})


def test_certificates_are_asked_for_only_where_somebody_can_check_them() -> None:
    with pytest.raises(ValidationError, match="asks for certificates that nobody can check"):
        served(a={"door": {"certificates": ["sender"]}})


@pytest.mark.parametrize("origin", ["https://a", "", "a b", "-a"])
def test_an_origin_is_a_dns_name(origin: str) -> None:
    with pytest.raises(ValidationError, match="is not a DNS name"):
        served("127.0.0.1:80", a={"origins": {origin: "1/s"}})


def test_one_of_several_processes_admits_its_share_of_every_rate() -> None:
    """What has no rate has none afterwards, and nothing else changes."""
    webhook = served("127.0.0.1:80", a={"rate": "100/s", "origins": {"b.example": "120/m"}}, b={})
    share = webhook.divided(4)
    assert [25.0, None] == [endpoint.rate for endpoint in share.served.values()]
    assert {"b.example": 0.5} == share.served["a"].origins
    assert webhook == webhook.divided(1)
    assert WebhookConfig() == WebhookConfig().divided(4)
