from __future__ import annotations

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
