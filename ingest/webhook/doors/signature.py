"""A signature over the bytes of the body: HMAC-SHA-256 with a key that both sides know."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.webhook.doors.secrets import current
from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.webhook.doors.visitor import BodyCheck, Visitor
    from schemas.config.webhook import HmacConfig


class Scheme(NamedTuple):
    """One way of signing.

    Attributes:
        header: of the signature.
        prefix: what stands before the digits.
        timestamp: header with the seconds since 1970; None: they are not signed.
        lead: what is signed before the seconds and a colon.
    """

    header: str
    prefix: str
    timestamp: str | None = None
    lead: bytes = b""


SCHEMES: Final = {
    "github": Scheme("X-Hub-Signature-256", "sha256="),
    "grafana": Scheme("X-Grafana-Alerting-Signature", ""),
    "slack": Scheme("X-Slack-Signature", "v0=", "X-Slack-Request-Timestamp", b"v0:"),
}
"""By preset: GitHub's webhooks, the webhook contact point of Grafana 12, requests of Slack (v0)."""

_CHALLENGE = {"WWW-Authenticate": 'Signature realm="reflexarc"'}


def header(config: HmacConfig) -> str:
    """The header that holds the signature."""
    return config.header or SCHEMES[config.preset].header


def signature(config: HmacConfig, *, now: Callable[[], float] = time.time) -> BodyCheck:
    """Let in who has signed the bytes as they were sent, before decompression, within the window.

    Everybody else hears the same 401, whether signature, time or both are missing or wrong.

    Args:
        config: how it is signed.
        now: seconds since 1970.
    """
    preset = SCHEMES[config.preset]
    name = header(config)
    prefix = preset.prefix if config.prefix is None else config.prefix
    timestamp = config.timestamp_header or preset.timestamp

    def check(visitor: Visitor, body: bytes) -> None:
        signed, fresh = body, True
        if timestamp is not None:
            given = visitor.headers.get(timestamp, "")
            fresh = _is_near(given, now(), config.window)
            signed = preset.lead + given.encode("utf-8", "surrogateescape") + b":" + body
        shown = visitor.headers.get(name, "").encode("utf-8", "surrogateescape")
        digests = [
            prefix.encode() + hmac.digest(key, signed, "sha256").hex().encode() for key in current(config.secret)
        ]
        if not (sum(hmac.compare_digest(shown, digest) for digest in digests) and fresh):
            raise Problem(401, "The body is not signed as this endpoint asks.", headers=_CHALLENGE)

    return check


def _is_near(given: str, now: float, window: float) -> bool:
    if not (given.isascii() and given.isdigit() and len(given) <= 12):
        return False
    return abs(int(given) - now) <= window
