"""Slash commands and interactive payloads of a Slack app: one event per request. The signature is the door's business.

Slack's ``token`` and the address that answers go to are capabilities: the one is dropped, the other sealed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ingest.webhook import jsonbounds
from ingest.webhook.adapter import Adapter
from ingest.webhook.doors.signature import SCHEMES
from ingest.webhook.payload.place import Place
from ingest.webhook.slack import permission
from ingest.webhook.slack.command import command
from ingest.webhook.slack.event import record
from ingest.webhook.slack.form import fields, is_ssl_check
from ingest.webhook.slack.interaction import interaction
from schemas.cloudevents.attributes import invalid

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from ingest.webhook.slack.call import Call
    from schemas.cloudevents import CloudEvent
    from schemas.config.webhook import SlackConfig

FORM: Final = "application/x-www-form-urlencoded"

_TIME: Final = SCHEMES["slack"].timestamp


def adapter(settings: SlackConfig) -> Adapter:
    """The adapter of one app."""
    return Adapter(
        accepts=("a slash command of Slack", "an interactive payload of Slack"),
        media_types=frozenset({FORM}),
        adapt=partial(events, settings),
        is_ping=is_ssl_check,
    )


def events(settings: SlackConfig, request: Request) -> list[CloudEvent]:
    """Translate one request, whose signature holds.

    Raises:
        InvalidEvent: the message begins with the field or member at fault.
        NotAllowed: whoever asks is not among those who may.
        Refused: a key file cannot be read.
    """
    given = fields(request.body)
    asked = _interaction(given["payload"].encode()) if "payload" in given else command(given)
    permission.check(settings, asked, endpoint=request.endpoint)
    return [record(request, asked, settings, time=_signed_time(request), verified="slack-v0")]


def _interaction(payload: bytes) -> Call:
    jsonbounds.check(payload)
    return interaction(Place.of(payload))


def _signed_time(request: Request) -> int:
    text = next((value for name, value in request.headers if name.lower() == str(_TIME).lower()), "")
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise invalid(str(_TIME), "is not a number of seconds")
    return int(text)
