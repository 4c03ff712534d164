from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ingest.webhook.conftest import Webhook

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}


@pytest.mark.parametrize("more", [{"X-Large": "x" * 9000}, {f"X-{number}": "" for number in range(130)}])
async def test_headers_that_are_too_long_or_too_many_are_told_so_and_quoted_nowhere(
    webhook: Webhook, caplog: pytest.LogCaptureFixture, more: dict[str, str]
) -> None:
    answer = await webhook.post(headers=EVENT | more)

    assert 431 == answer.problem["status"]
    assert "xxx" not in caplog.text + answer.body.decode()
    assert 202 == (await webhook.post()).status


async def test_what_a_client_may_not_expect_is_told_so_and_not_quoted(webhook: Webhook) -> None:
    answer = await webhook.post(headers=EVENT | {"Expect": "tea"})

    assert (417, "expect") == (answer.problem["status"], answer.problem["field"])
    assert b"tea" not in answer.body
    assert 202 == (await webhook.post(headers=EVENT | {"Expect": "100-continue"})).status
