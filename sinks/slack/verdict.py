"""What Slack's answers mean for a message.

The words are those of its documentation; HTTP statuses mean what they mean for every sink behind HTTP.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from schemas.errors import DeliveryError, ReflexarcError, Refused, Reject, Retry
from sinks.answers import judge, retry_after

if TYPE_CHECKING:
    from sinks.slack.answer import Answer

SHUT: Final = frozenset(
    {
        *("used_url", "expired_url", "invalid_token", "no_service", "no_service_id", "no_active_hooks", "no_team"),
        *("team_disabled", "user_not_found", "channel_not_found", "channel_is_archived", "action_prohibited"),
        "posting_to_general_channel_denied",
    }
)
"""Of a reply address: it, or what it leads to, is gone or not open. The first two are in no documentation."""

ELSEWHERE: Final = frozenset(
    {
        *("not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived", "channel_is_archived"),
        *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_non_threadable_channel", "channel_type_not_supported", "messages_tab_disabled"),
    }
)
"""Of a channel: it is not open to us, or to the person."""

OURS: Final = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"),
        *("no_permission", "not_allowed_token_type", "access_denied", "accesslimited", "org_login_required"),
        *("ekm_access_denied", "enterprise_is_restricted", "team_access_not_granted", "two_factor_setup_required"),
        *("invalid_token", "method_deprecated", "deprecated_endpoint"),
    }
)
"""They speak of who we are: no message is to blame."""

LATER: Final = frozenset(
    {
        *("ratelimited", "rate_limited", "message_limit_exceeded", "fatal_error", "internal_error"),
        *("service_unavailable", "request_timeout", "team_added_to_org", "server_error", "rollup_error"),
    }
)
"""Of the moment."""


class Closed(ReflexarcError):  # noqa: N818 - reads as the state it names
    """This way to a person is not open; another one may be. The message goes on from the name of the way."""


def of_hook(answer: Answer) -> Closed | DeliveryError | None:
    """What the answer of a reply address means; None: the message is shown."""
    if _is_later(answer):
        return _later("the reply address", answer)
    if answer.word in SHUT or answer.status in {404, 410}:
        return Closed(f"serves no more: Slack says {_said(answer)}")
    return _judged("the reply address", answer)


def of_method(method: str, answer: Answer) -> Closed | Refused | DeliveryError | None:
    """What the answer of a method of the Web API means; None: it has done what it was asked for."""
    if answer.ok and 200 <= answer.status < 300:
        return None
    if _is_later(answer):
        return _later(method, answer)
    if answer.word in OURS:
        return Refused(f"Slack does not accept the bot token: {answer.word}", cure=_cure(answer.word))
    if answer.word in ELSEWHERE:
        return Closed(f"is not open: Slack says {answer.word}")
    if answer.ok is None and 200 <= answer.status < 300:
        return Retry(
            f"{method} was answered {answer.status} and with nothing that Slack says", status=str(answer.status)
        )
    return _judged(method, answer)


def _is_later(answer: Answer) -> bool:
    return answer.status == 429 or (answer.ok is not True and answer.word in LATER)


def _later(what: str, answer: Answer) -> Retry:
    after = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
    return Retry(f"{what} was answered {_said(answer)}", status=answer.word or str(answer.status), after=after)


def _judged(what: str, answer: Answer) -> DeliveryError | None:
    found = judge(answer.status, answer.headers)
    if found is None:
        return Reject(f"{what}: Slack says {_said(answer)}", status=answer.word or None) if answer.ok is False else None
    reason = f"{what} was {found.reason}{f': {answer.word}' if answer.word else ''}"
    if isinstance(found, Retry):
        return Retry(reason, status=found.status, after=found.after)
    return Reject(reason, status=found.status)


def _said(answer: Answer) -> str:
    return answer.word or str(answer.status)


def _cure(word: str) -> str:
    if word == "missing_scope":
        return "add the scope chat:write to the app, and install it again"
    return "store the bot token of an installed app, xoxb-…, in bot_token_file"
