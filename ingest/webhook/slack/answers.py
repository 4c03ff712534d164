"""What people in Slack see: 200 and a sentence for whoever asked, where others would get a status.

Slack shows nothing of another answer than 200 but that the app has failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from ingest.webhook.answers import Answers
from ingest.webhook.problem import Problem
from schemas.commands.kinds import PRESSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent

PATIENCE: Final = 2.5
"""Seconds for Kafka: Slack gives up on an answer after 3."""

_SENTENCES: Final = {
    413: "This is too large to be accepted.",
    429: "Too much is going on here at the moment. Try again in a moment.",
    500: "Something went wrong here; the operator finds it in the log. Nothing was accepted.",
    503: "This could not be accepted now. Look whether it was done all the same, and try again.",
}


class NotAllowed(Problem):
    """Somebody who may not give commands; says so to nobody else."""

    def __init__(self, team: str, user: str) -> None:
        super().__init__(403, f"You are not allowed to do this here (user {user} of {team}).")


def _accepted(events: Sequence[CloudEvent]) -> web.Response:
    # A dialog closes at an empty answer only, and an old button's message would be replaced by a text.
    if not events or events[0].type == PRESSED:
        return web.Response(status=200)
    return _said(f"Accepted: {events[0].subject}")


def _refused(problem: Problem) -> web.Response:
    if isinstance(problem, NotAllowed):
        return _said(problem.detail)
    if problem.status == 400:
        return _said(f"This is not understood: {problem.detail}")
    return _said(_SENTENCES[problem.status]) if problem.status in _SENTENCES else problem.response()


def _said(text: str) -> web.Response:
    body = {"response_type": "ephemeral", "replace_original": False, "text": text}
    return web.Response(body=orjson.dumps(body), content_type="application/json")


SLACK: Final = Answers(_accepted, _refused)
"""200 with a sentence; only who cannot be believed (401), and what is not Slack, gets a status."""
