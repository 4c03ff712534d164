from __future__ import annotations

from typing import Any

import pytest

from streams.guard.rules import deny
from tests.streams.guard.asking import entity, question, request

DENY = [{"names": "db-*"}, {"tags": "tier/kafka"}]


def check(**said: Any) -> str | None:
    return deny.check(question(request(on=entity(**said)), deny=DENY))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"name": "DB-1"}, "fits remediation.deny.0 (names: db-*)"),
        ({"tags": ("tier/kafka",)}, "fits remediation.deny.1 (tags: tier/kafka)"),
        ({"tags": None}, "may fit remediation.deny.1 (tags: tier/kafka): its tags are not known"),
    ],
)
def test_what_is_denied_or_may_be_is_refused(said: dict[str, Any], reason: str) -> None:
    assert reason in (check(**said) or "")


def test_what_is_not_denied_passes() -> None:
    assert check() is None
    assert deny.check(question()) is None
