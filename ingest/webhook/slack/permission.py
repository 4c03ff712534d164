"""Who may ask for something, and only they: teams and people are named in the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.webhook.doors.secrets import current
from ingest.webhook.metrics import NOT_ALLOWED
from ingest.webhook.slack.answers import NotAllowed
from ingest.webhook.slack.event import Keys, record
from schemas.keys import keyring

if TYPE_CHECKING:
    from typing import Literal

    from ingest.webhook.request import Request
    from ingest.webhook.slack.call import Call
    from schemas.cloudevents import CloudEvent
    from schemas.config.webhook import SlackConfig


def allowed(
    settings: SlackConfig, request: Request, asked: Call, *, time: int, verified: Literal["slack-v0", "slack-socket"]
) -> CloudEvent:
    """Return the event of a call, if whoever asks may.

    Args:
        settings: who may, and the keys.
        request: that the call came with.
        asked: what is asked for, and by whom.
        time: of the request, seconds since 1970.
        verified: how it is known who asks.

    Raises:
        NotAllowed: whoever asks is not among those who may; it is counted.
        Refused: a key file cannot be read.
    """
    if asked.team not in settings.teams or asked.user not in settings.users:
        NOT_ALLOWED.labels(endpoint=request.endpoint).inc()
        raise NotAllowed(asked.team, asked.user)
    keys = Keys(keyring(current(settings.seal_key)), keyring(current(settings.principal_key)))
    return record(request, asked, keys, time=time, verified=verified)
