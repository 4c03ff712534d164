"""Dashboards of the VMware event router find its numbers where they were."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from schemas.config import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

SECRET = Secret.from_env("P", {"P": "s3cr3t"})
ACCOUNT = {"Authorization": "Basic " + b64encode(b"u:s3cr3t").decode()}
EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}


async def test_events_and_refusals_are_counted(serve: Serve) -> None:
    """Of the event router's endpoint alone, in the shape that the router gave them."""
    async with serve(endpoints={"webhook": {"type": "event-router"}, "events": {"type": "cloudevents"}}) as webhook:
        for path, headers in (("/webhook", EVENT), ("/webhook", EVENT), ("/webhook", {}), ("/events", EVENT)):
            await webhook.post(path, headers)
        answer = await webhook.post("/stats", method="GET")

    assert (200, "application/json; charset=utf-8") == (answer.status, answer.headers["Content-Type"])
    told = json.loads(answer.body)
    provider = told["vmware.event.router.stats"]["webhook"]
    assert ("EventProvider", "127.0.0.1:0", 2, 1) == tuple(
        provider[name] for name in ("type", "address", "events_total", "events_err")
    )
    assert provider["events_per_sec"] >= 0
    assert 1 == told["reflexarc.processes"]
    assert {"Load1", "Load5", "Load15"} == told["system.allLoad"].keys()


async def test_the_numbers_are_behind_the_door_of_the_endpoint(serve: Serve) -> None:
    """Its account opens them, and who is turned away at the door counts as nothing."""
    door = {"username": "u", "password": SECRET}
    async with serve(endpoints={"webhook": {"type": "event-router", "door": door}}) as webhook:
        await webhook.post("/webhook", EVENT)
        answers = [await webhook.post("/stats", headers, method="GET") for headers in (ACCOUNT, {})]

    assert [200, 401] == [answer.status for answer in answers]
    provider = json.loads(answers[0].body)["vmware.event.router.stats"]["webhook"]
    assert (0, 0) == (provider["events_total"], provider["events_err"])


async def test_without_an_event_router_there_are_none(serve: Serve) -> None:
    """The path is unknown then."""
    async with serve() as webhook:
        assert 404 == (await webhook.post("/stats", method="GET")).status
