"""What comes by Socket Mode: the same commands and payloads, each acknowledged once Kafka has it."""

from __future__ import annotations

import json
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import orjson
from slack_sdk.socket_mode.response import SocketModeResponse

from ingest.webhook import jsonbounds
from ingest.webhook.metrics import EVENTS, FAILURES
from ingest.webhook.payload.place import Place
from ingest.webhook.problem import Problem
from ingest.webhook.request import Request
from ingest.webhook.slack import permission
from ingest.webhook.slack.answers import SLACK
from ingest.webhook.slack.command import command
from ingest.webhook.slack.event import record
from ingest.webhook.slack.interaction import interaction
from ingest.webhook.translation import foreseen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from ingest.webhook.admission import Admission
    from ingest.webhook.intake import Intake
    from ingest.webhook.slack.call import Call
    from schemas.cloudevents import CloudEvent
    from schemas.config.webhook import SlackConfig

_CALLS: Final[Mapping[str, Callable[[Place], Call]]] = {
    "slash_commands": lambda payload: command(payload.members()),
    "interactive": interaction,
}

_log = logging.getLogger(__name__)


class Envelopes:
    """Takes envelopes of one app.

    Args:
        settings: who may do what.
        intake: where commands go.
        admission: shared with the endpoints of the server.
        endpoint: name of the endpoint in the configuration.
        path: of the endpoint.
    """

    def __init__(
        self, settings: SlackConfig, *, intake: Intake, admission: Admission, endpoint: str, path: str
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._admission = admission
        self._endpoint = endpoint
        self._events = EVENTS.labels(path)
        self._failures = FAILURES.labels(path)

    async def take(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        """Store what is asked for, and say so.

        What could not be stored is told in words where the envelope takes some, and otherwise not acknowledged: then
        Slack says that the app has failed.
        """
        with ExitStack() as held:  # until it is told: who stops waits for that
            try:
                held.enter_context(self._admission.place())
                answer = SLACK.accepted([await self._store(envelope)])
                self._events.inc()
            except Exception as error:  # noqa: BLE001 - whatever it is, whoever asks must hear of it
                self._failures.inc()
                problem = self._problem(error)
                if not envelope.accepts_response_payload:
                    return
                answer = SLACK.refused(problem)
            said = orjson.loads(answer.body) if isinstance(answer.body, bytes) and answer.body else None
            payload = said if envelope.accepts_response_payload else None
            await client.send_socket_mode_response(SocketModeResponse(envelope.envelope_id, payload))

    def _problem(self, error: Exception) -> Problem:
        problem = foreseen(error)
        if problem is None:
            _log.error("%s: an envelope of Slack failed", self._endpoint, exc_info=error)
            problem = Problem(500, "-")
        return problem

    async def _store(self, envelope: SocketModeRequest) -> CloudEvent:
        body = json.dumps(envelope.payload, sort_keys=True).encode()
        jsonbounds.check(body)
        call = _CALLS.get(envelope.type)
        if call is None:
            raise Problem(400, f"{envelope.type!r}: only commands and interactive payloads are taken")
        request = Request("POST", "", (), body, self._endpoint)
        asked = call(Place.of(body))
        permission.check(self._settings, asked, endpoint=self._endpoint)
        event = record(request, asked, self._settings, time=int(time.time()), verified="slack-socket")
        await self._intake.accept([event])
        return event
