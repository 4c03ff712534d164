from __future__ import annotations

from typing import Any

import pytest

from streams.guard.rules import allow
from tests.streams.guard.asking import entity, question, request

ALLOW = [{"names": "web-*", "folders": "/DC0"}, {"tags": "env/test"}]


def check(scopes: Any = ALLOW, **said: Any) -> str | None:
    return allow.check(question(request(on=entity(**said)), allow=scopes))


def test_nothing_is_allowed_by_default() -> None:
    assert "nothing may be acted on: write remediation.allow" in (check([]) or "")


@pytest.mark.parametrize("said", [{}, {"name": "db-1", "tags": ("env/test",)}, {"folder": None, "tags": ("env/test",)}])
def test_what_fits_any_scope_passes(said: dict[str, Any]) -> None:
    assert check(**said) is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"name": "db-1"}, "fits nothing in remediation.allow"),
        ({"name": "db-1", "tags": None}, "may fit remediation.allow (tags: env/test), but its tags are not known"),
        ({"folder": None}, "but its folder is not known"),
    ],
)
def test_what_fits_none_or_is_not_known_to_is_refused(said: dict[str, Any], reason: str) -> None:
    assert reason in (check(**said) or "")
