from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from ingest.webhook.doors.signature import signature
from ingest.webhook.doors.visitor import Visitor
from ingest.webhook.problem import Problem
from schemas.config import Secret
from schemas.config.webhook import HmacConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = b"It's a Secret to Everybody"
SECRET = Secret.from_env("KEY", {"KEY": KEY.decode()})
BOTH = Secret.from_env("KEYS", {"KEYS": "another-key\n" + KEY.decode()})
GITHUB = {"X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}
NOW = 1_700_000_000


def lets_in(headers: Mapping[str, str], body: bytes, **settings: Any) -> bool:
    config = HmacConfig.model_validate({"secret": SECRET, **settings})
    visitor = Visitor(CIMultiDictProxy(CIMultiDict(headers)), None, "", None)
    try:
        signature(config, now=lambda: NOW)(visitor, body)
    except Problem as problem:
        return (problem.status, problem.detail) != (401, "The body is not signed as this endpoint asks.")
    return True


def signed(message: bytes, key: bytes = KEY) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def test_githubs_own_example_is_right() -> None:
    assert lets_in(GITHUB, b"Hello, World!")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"Hello, World!"),
        (GITHUB, b"Hello, World"),
        ({"X-Hub-Signature-256": GITHUB["X-Hub-Signature-256"].removeprefix("sha256=")}, b"Hello, World!"),
        ({"X-Hub-Signature-256": "sha256=" + signed(b"Hello, World!", b"other")}, b"Hello, World!"),
        ({"X-Hub-Signature-256": "sha256=\udcff"}, b"Hello, World!"),
    ],
)
def test_another_signature_is_not(headers: dict[str, str], body: bytes) -> None:
    assert not lets_in(headers, body)


def test_while_a_key_is_changed_both_are_right() -> None:
    assert lets_in(GITHUB, b"Hello, World!", secret=BOTH)
    assert lets_in({"X-Hub-Signature-256": "sha256=" + signed(b"x", b"another-key")}, b"x", secret=BOTH)


@pytest.mark.parametrize(
    ("settings", "header", "prefix", "lead"),
    [
        ({"preset": "slack"}, ("X-Slack-Signature", "X-Slack-Request-Timestamp"), "v0=", b"v0:"),
        ({"preset": "grafana", "timestamp_header": "X-T"}, ("X-Grafana-Alerting-Signature", "X-T"), "", b""),
        ({"header": "X-S", "prefix": "", "timestamp_header": "X-T"}, ("X-S", "X-T"), "", b""),
    ],
)
@pytest.mark.parametrize(
    ("age", "expected"), [(0, True), (299, True), (-300, True), (301, False), (-301, False), (10**9, False)]
)
def test_a_signed_time_must_be_within_the_window(
    settings: dict[str, Any], header: tuple[str, str], prefix: str, lead: bytes, *, age: int, expected: bool
) -> None:
    time = str(NOW - age)
    headers = {header[0]: prefix + signed(lead + time.encode() + b":body"), header[1]: time}

    assert expected is lets_in(headers, b"body", **settings)


@given(st.text(max_size=15))
def test_whatever_stands_for_the_time_nobody_comes_in_by_it(time: str) -> None:
    headers = {"X-S": signed(time.encode("utf-8", "surrogateescape") + b":") if time.isascii() else "", "X-T": time}
    if not (time.isascii() and time.isdigit() and abs(int(time) - NOW) <= 300):
        assert not lets_in(headers, b"", header="X-S", prefix="", timestamp_header="X-T")
