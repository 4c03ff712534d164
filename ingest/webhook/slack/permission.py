"""Who may ask for something, and only they: teams and people are named in the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.webhook.metrics import NOT_ALLOWED
from ingest.webhook.slack.answers import NotAllowed

if TYPE_CHECKING:
    from ingest.webhook.slack.call import Call
    from schemas.config.webhook import SlackConfig


def begin(endpoint: str) -> None:
    """Count from 0 at the start: the first stranger is an increase."""
    NOT_ALLOWED.labels(endpoint)


def check(settings: SlackConfig, asked: Call, *, endpoint: str) -> None:
    """Return if whoever asks may.

    Args:
        settings: who may.
        asked: what is asked for, and by whom.
        endpoint: its name, for the metric.

    Raises:
        NotAllowed: they are not among those who may; it is counted.
    """
    if asked.team not in settings.teams or asked.user not in settings.users:
        NOT_ALLOWED.labels(endpoint).inc()
        raise NotAllowed(asked.team, asked.user)
