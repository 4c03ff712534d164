from __future__ import annotations

import pytest

from schemas.errors import Refused, Reject, Retry
from sinks.slack.answer import Answer, _read
from sinks.slack.verdict import Closed, of_hook, of_method


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"ok", (None, "ok")),
        (b"no_service", (None, "no_service")),
        (b"Expired url\n", (None, "expired_url")),
        (b'{"ok":true}', (True, "")),
        (b'{"ok":false,"error":"used_url"}', (False, "used_url")),
        (b'{"ok":"yes","error":7}', (None, "")),
        (b"[1]", (None, "")),
        (b"<html>https://hooks.slack.com/commands/1</html>", (None, "")),
        (b"", (None, "")),
        (b"\xff", (None, "")),
        (b'{"ok":false,"error":"' + b"a" * 81 + b'"}', (False, "")),
    ],
)
def test_an_answer_is_a_word_or_nothing(body: bytes, expected: tuple[bool | None, str]) -> None:
    assert expected == _read(body)


@pytest.mark.parametrize(
    ("status", "ok", "word", "kind"),
    [
        (200, None, "ok", None),
        (200, True, "", None),
        (200, False, "used_url", Closed),
        (200, None, "expired_url", Closed),
        (404, False, "used_url", Closed),
        (404, False, "expired_url", Closed),
        (404, None, "no_service", Closed),
        (404, None, "", Closed),
        (410, None, "channel_is_archived", Closed),
        (403, None, "invalid_token", Closed),
        (400, None, "invalid_payload", Reject),
        (200, False, "invalid_blocks", Reject),
        (302, None, "", Reject),
        (429, None, "", Retry),
        (200, False, "ratelimited", Retry),
        (500, None, "rollup_error", Retry),
        (503, None, "", Retry),
    ],
)
def test_what_a_reply_address_answers(status: int, ok: bool | None, word: str, kind: type | None) -> None:  # noqa: FBT001
    found = of_hook(Answer(status, ok, word, {}))

    assert (kind or type(None)) is type(found)


@pytest.mark.parametrize(
    ("status", "ok", "word", "kind"),
    [
        (200, True, "", None),
        (200, None, "", Retry),
        (200, False, "", Reject),
        (200, False, "not_in_channel", Closed),
        (200, False, "channel_not_found", Closed),
        (200, False, "is_archived", Closed),
        (200, False, "invalid_auth", Refused),
        (401, False, "token_expired", Refused),
        (200, False, "missing_scope", Refused),
        (200, False, "internal_error", Retry),
        (429, False, "ratelimited", Retry),
        (200, False, "msg_too_long", Reject),
        (500, None, "", Retry),
        (404, None, "", Retry),
        (301, None, "", Reject),
    ],
)
def test_what_a_method_answers(status: int, ok: bool | None, word: str, kind: type | None) -> None:  # noqa: FBT001
    found = of_method("chat.postMessage", Answer(status, ok, word, {}))

    assert (kind or type(None)) is type(found)


def test_the_pause_of_a_refusal_in_the_body_is_heard() -> None:
    found = of_method("chat.postMessage", Answer(200, False, "rate_limited", {"retry-after": "30"}))

    assert isinstance(found, Retry)
    assert 30.0 == found.after
