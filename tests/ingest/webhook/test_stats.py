"""Dashboards of the VMware event router find its numbers where they were."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from ingest.webhook import counters
from ingest.webhook.probes import Probes
from ingest.webhook.stats import Sources
from ops.probe import Probe
from schemas.config import Config, KafkaConfig, Secret
from sinks.eventbridge.config import EventBridgeConfig
from sinks.knative.config import KnativeConfig
from sinks.openfaas.config import OpenFaasConfig
from sinks.stdout import StdoutConfig
from tests.support.probes import probe, saying

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

SECRET = Secret.from_env("P", {"P": "s3cr3t"})
ACCOUNT = {"Authorization": "Basic " + b64encode(b"u:s3cr3t").decode()}
INGEST = 'process_start_time_seconds 1000\nreflexarc_ingest_events_total{vcenter="vc1"} 7\n'
EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}


async def test_events_and_refusals_are_counted(serve: Serve) -> None:
    """Of the event router's endpoint alone, in the shape that the router gave them."""
    async with serve(endpoints={"counted": {"type": "event-router"}, "events": {"type": "cloudevents"}}) as webhook:
        for path, headers in (("/counted", EVENT), ("/counted", EVENT), ("/counted", {}), ("/events", EVENT)):
            await webhook.post(path, headers)
        answer = await webhook.post("/stats", method="GET")

    assert (200, "application/json; charset=utf-8") == (answer.status, answer.headers["Content-Type"])
    told = json.loads(answer.body)
    provider = told["vmware.event.router.stats"]["webhook"]
    assert ("EventProvider", "127.0.0.1:0", 2, 1) == tuple(
        provider[name] for name in ("type", "address", "events_total", "events_err")
    )
    assert provider["events_per_sec"] >= 0
    assert (1, 0) == (told["reflexarc.processes"], told["reflexarc.unreachable"])
    assert {"Load1", "Load5", "Load15"} == told["system.allLoad"].keys()


async def test_the_numbers_are_behind_the_door_of_the_endpoint(serve: Serve) -> None:
    """Its account opens them, and who is turned away at the door counts as nothing."""
    door = {"username": "u", "password": SECRET}
    async with serve(endpoints={"guarded": {"type": "event-router", "door": door}}) as webhook:
        await webhook.post("/guarded", EVENT)
        answers = [await webhook.post("/stats", headers, method="GET") for headers in (ACCOUNT, {})]

    assert [200, 401] == [answer.status for answer in answers]
    provider = json.loads(answers[0].body)["vmware.event.router.stats"]["webhook"]
    assert (0, 0) == (provider["events_total"], provider["events_err"])


async def test_other_processes_are_told_of_and_this_one_only_once(serve: Serve) -> None:
    """Its own probe may be among those that are named: the configuration is that of all. Nobody is at the last one."""
    ours = sum(counters.own().of("reflexarc_ingest_events_total").values())  # of other tests in this process
    here = Probe("127.0.0.1:0", list)
    here.start()
    try:
        async with probe(saying(INGEST)) as ingest:
            async with probe(saying(INGEST)) as gone:
                pass
            urls = [f"http://127.0.0.1:{here.port}", ingest, gone]
            async with serve(endpoints={"several": {"type": "event-router"}}, stats={"probes": urls}) as webhook:
                await webhook.post("/several", EVENT)
                told = json.loads((await webhook.post("/stats", method="GET")).body)
    finally:
        here.close()

    assert (2, 1) == (told["reflexarc.processes"], told["reflexarc.unreachable"])
    stats = told["vmware.event.router.stats"]
    assert (1, ours + 7) == (stats["webhook"]["events_total"], stats["vcenter"]["events_total"])


def test_sinks_have_the_router_s_names_and_their_addresses() -> None:
    """A sink of a type that the router did not have is left out; one that is found by name has its own."""
    sinks = [
        OpenFaasConfig(name="fn", gateway="http://gw:8080"),
        KnativeConfig.model_validate({"name": "broker", "uri": "http://broker"}),
        EventBridgeConfig(name="bus", bus="night", region="eu-west-1"),
        StdoutConfig(name="audit"),
    ]
    config = Config(kafka=KafkaConfig(bootstrap="127.0.0.1:9"), sinks={sink.name: sink for sink in sinks})
    probes = Probes(["http://127.0.0.1:9"])
    expected = {
        "fn": ("openfaas", "http://gw:8080"),
        "broker": ("knative", "http://broker"),
        "bus": ("aws_event_bridge", "night"),
    }
    assert Sources("h:1", probes, [], expected) == Sources.of(config, "h:1", probes)


async def test_without_an_event_router_there_are_none(serve: Serve) -> None:
    """The path is unknown then."""
    async with serve() as webhook:
        assert 404 == (await webhook.post("/stats", method="GET")).status
