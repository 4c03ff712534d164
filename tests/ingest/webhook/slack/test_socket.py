"""Socket Mode against a server that speaks as Slack's documentation has it."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ingest.webhook.admission import Admission
from ingest.webhook.intake import Intake
from ingest.webhook.metrics import SOCKET
from ingest.webhook.slack import socket
from ingest.webhook.slack.sockets import sockets
from schemas.cloudevents import kafka
from schemas.config import Secret, WebhookConfig
from schemas.errors import Unreachable
from schemas.principal import verify
from schemas.topics import Topic
from tests.support import slack
from tests.support.publisher import RecordingPublisher
from tests.support.slackserver import TICKET, SlackServer, envelope, slack_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingest.webhook.intake import Publisher

TOKEN = "xapp-1-A1-the-token-of-the-app"
TOPIC = Topic(name="t.commands", key="scope", partitions=1, replication=1, min_insync=1, holds="commands")
COMMAND = envelope("slash_commands", slack.recorded("command"), words=True)


class HeldPublisher(RecordingPublisher):
    """Has no record acknowledged before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.release = asyncio.Event(), asyncio.Event()

    async def publish(self, *args: Any, **record: Any) -> Any:
        self.asked.set()
        await self.release.wait()
        return await super().publish(*args, **record)


@asynccontextmanager
async def following(
    server: SlackServer, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, **changes: Any
) -> AsyncIterator[None]:
    monkeypatch.setattr(socket, "FIRST", 0.01)
    monkeypatch.setattr(socket, "LOOK", 0.01)
    mode = {"app_token": Secret.from_env("T", {"T": TOKEN}), "api": server.api}
    endpoint = {"type": "slack", "slack": slack.settings(socket_mode=mode, **changes)}
    config = WebhookConfig.model_validate({"endpoints": {"chat": endpoint}})
    intake = Intake(publisher, RecordingPublisher(), topic=TOPIC, patience=2.5)
    async with sockets(config, intake=intake, admission=Admission(8)):
        yield


async def test_a_command_is_stored_as_one_that_is_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, began = RecordingPublisher(), int(time.time())
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        await (await server.connections.get()).send_json(COMMAND)
        answer = await server.acknowledged.get()

    assert ("e1", "Accepted: /vm") == (answer["envelope_id"], answer["payload"]["text"])
    (record,) = publisher.records
    event = kafka.from_message(record.headers, record.value)
    assert ("t.commands", b"slack/T0001ABCD/C2147483705") == (record.topic, record.key)
    assert ("/ingest/webhook/chat", "13345224609.738474920.8088930838d88f008e0") == (event.source, event.id)
    who = verify(event, slack.ring("principal"))
    assert (slack.USER, "slack-socket", True) == (who.user, who.verified, began <= who.time <= time.time())


async def test_nothing_is_acknowledged_before_kafka_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = HeldPublisher()
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        connection = await server.connections.get()
        await connection.send_json(COMMAND)
        await publisher.asked.wait()
        await connection.send_json(envelope("slash_commands", {}, identifier="refused at once", words=True))
        assert "refused at once" == (await server.acknowledged.get())["envelope_id"]
        publisher.release.set()
        assert "e1" == (await server.acknowledged.get())["envelope_id"]

    assert 1 == len(publisher.records)


@pytest.mark.parametrize("name", slack.PAYLOADS)
async def test_an_interaction_is_acknowledged_without_a_word(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = RecordingPublisher()
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        await (await server.connections.get()).send_json(envelope("interactive", slack.recorded(name)))
        assert {"envelope_id": "e1"} == await server.acknowledged.get()

    assert 1 == len(publisher.records)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (envelope("slash_commands", slack.recorded("command") | {"user_id": "U9"}, words=True), "not allowed"),
        (envelope("slash_commands", {}, words=True), "not understood: command: required"),
        (envelope("slash_commands", {"text": float("nan")}, words=True), "not understood: body: not JSON"),
        (envelope("events_api", {"event": {}}, words=True), "not understood: 'events_api'"),
    ],
)
async def test_what_is_refused_is_told_in_words(
    sent: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = RecordingPublisher()
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        await (await server.connections.get()).send_json(sent)
        assert said in (await server.acknowledged.get())["payload"]["text"]

    assert [] == publisher.records


async def test_without_kafka_a_person_is_told_and_where_that_cannot_be_nothing_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publisher = RecordingPublisher(Unreachable("no broker"), Unreachable("no broker"))
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        connection = await server.connections.get()
        await connection.send_json(envelope("interactive", slack.recorded("button"), identifier="mute"))
        await connection.send_json(COMMAND)
        first = await server.acknowledged.get()
        await connection.send_json(COMMAND | {"envelope_id": "e2"})
        second = await server.acknowledged.get()

    assert ("e1", True) == (first["envelope_id"], "try again" in first["payload"]["text"])
    assert ("e2", "Accepted: /vm") == (second["envelope_id"], second["payload"]["text"])


@pytest.mark.parametrize("ended", ["told", "closed", "broken"])
async def test_a_connection_that_ends_is_followed_by_another(ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = RecordingPublisher()
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        first = await server.connections.get()
        if ended == "told":
            await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
        elif ended == "closed":
            await first.close()
        else:
            first._req.transport.abort()
        await (await server.connections.get()).send_json(COMMAND)
        assert "e1" == (await server.acknowledged.get())["envelope_id"]


async def test_a_hand_over_by_slack_is_no_end_of_the_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in hand meanwhile is acknowledged by the new connection."""
    caplog.set_level(logging.INFO)
    publisher = HeldPublisher()
    async with slack_server(TOKEN) as server, following(server, publisher, monkeypatch):
        first = await server.connections.get()
        await first.send_json(COMMAND)
        await publisher.asked.wait()
        await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await server.connections.get()
        publisher.release.set()
        assert "e1" == (await server.acknowledged.get())["envelope_id"]

    assert "Slack has ended the connection" not in caplog.text


async def test_whoever_is_refused_tries_again_and_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with slack_server(TOKEN, refusals=2) as server, following(server, RecordingPublisher(), monkeypatch):
        await (await server.connections.get()).send_json(COMMAND)
        await server.acknowledged.get()
        assert 1 == SOCKET.labels("chat")._value.get()

    assert 0 == SOCKET.labels("chat")._value.get()
    assert 2 == caplog.text.count("chat: Slack is not connected: Slack says invalid_auth")
    assert [] == [secret for secret in (TOKEN, TICKET, "5678abcd", "gIkuvaNzQIHg97ATv") if secret in caplog.text]
