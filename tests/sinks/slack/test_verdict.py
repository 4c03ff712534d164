from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DeliveryError, Refused, Reject, Retry
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
        (403, None, "action_prohibited", Closed),
        (403, None, "", Retry),
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


@given(
    st.integers(100, 999),
    st.binary(max_size=100)
    | st.builds(lambda word: b'{"ok":false,"error":"%s"}' % word.encode(), st.text("a_", max_size=9)),
    st.dictionaries(st.sampled_from(["retry-after", "date"]), st.text(max_size=9)),
)
def test_whatever_is_answered_means_something(status: int, body: bytes, headers: dict[str, str]) -> None:
    """And only what says so is a message that is shown: 2xx, and to a method the word ok."""
    ok, word = _read(body)
    answer = Answer(status, ok, word, headers)

    hook, method = of_hook(answer), of_method("chat.postMessage", answer)
    assert isinstance(hook, DeliveryError | Closed) or (hook is None and 200 <= status < 300 and ok is not False)
    assert isinstance(method, DeliveryError | Closed | Refused) or (200 <= status < 300 and ok is True)
