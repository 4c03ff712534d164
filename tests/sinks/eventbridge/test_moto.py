"""Against a foreign EventBridge: rules match what the connector sends, and targets get it as AWS would hand it on."""

from __future__ import annotations

import asyncio
import json as stdlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from schemas.cloudevents import json
from sinks import registry
from sinks.base import SinkContext
from tests.sinks.bench import event
from tests.sinks.eventbridge.bus import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sinks.base import BatchSink

LOG_GROUP, PREFIX = "/aws/events/ours", "com.vmware.vsphere."


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # What it holds belongs to the process, not to the server.
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()  # noqa: S310 - our own address
    yield url
    server.stop()


@pytest.fixture
def logs(url: str) -> Iterator[Any]:
    """A bus with a rule whose target is a log group; the client that reads it."""
    events, logs = (boto3.client(name, region_name=REGION, endpoint_url=url) for name in ("events", "logs"))
    events.create_event_bus(Name="ours")
    pattern = stdlib.dumps({"detail-type": [{"prefix": PREFIX}]})
    events.put_rule(Name="vsphere", EventBusName="ours", EventPattern=pattern)
    logs.create_log_group(logGroupName=LOG_GROUP)
    arn = f"arn:aws:logs:{REGION}:123456789012:log-group:{LOG_GROUP}"
    events.put_targets(Rule="vsphere", EventBusName="ours", Targets=[{"Id": "1", "Arn": arn}])
    yield logs
    events.close()
    logs.close()


def sink(url: str, **fields: Any) -> BatchSink:
    settings = {"name": "s", "type": "eventbridge", "region": REGION, "endpoint": url, "bus": "ours", **fields}
    config = registry.model("eventbridge").model_validate(settings)
    return registry.build(config, SinkContext(vcenters={}))  # type: ignore[return-value]


async def test_a_target_gets_what_a_rule_chose(url: str, logs: Any) -> None:
    bridge = sink(url)
    await bridge.open()

    await bridge.send_batch([event(1), event(2, type="com.example.alert"), event(3)])
    await bridge.close()

    found = await asyncio.to_thread(partial(logs.filter_log_events, logGroupName=LOG_GROUP))
    envelopes = [stdlib.loads(line["message"]) for line in found["events"]]
    details = [json.loads(stdlib.dumps(envelope["detail"]).encode()) for envelope in envelopes]
    assert [event(1).attributes(), event(3).attributes()] == [detail.attributes() for detail in details]
    assert [("https://vc1.example/sdk", event().type, "2026-11-20T09:36:17Z", [])] * 2 == [
        tuple(envelope[name] for name in ("source", "detail-type", "time", "resources")) for envelope in envelopes
    ]


async def test_large_data_can_be_fetched_by_their_reference(url: str, logs: Any) -> None:
    store = boto3.client("s3", region_name=REGION, endpoint_url=url)
    store.create_bucket(Bucket="large", CreateBucketConfiguration={"LocationConstraint": REGION})
    bridge = sink(url, offload={"bucket": "large", "prefix": "held/", "endpoint": url}, max_entry_bytes=3_000)
    await bridge.open()
    large = b'{"x": "' + b"x" * 5_000 + b'"}'

    await bridge.send_batch([event(1, data=large)])
    await bridge.close()

    found = await asyncio.to_thread(partial(logs.filter_log_events, logGroupName=LOG_GROUP))
    [envelope] = [stdlib.loads(line["message"]) for line in found["events"]]
    bucket, _, key = envelope["detail"]["dataref"].removeprefix("s3://").partition("/")
    held = await asyncio.to_thread(partial(store.get_object, Bucket=bucket, Key=key))
    assert (large, "application/json") == (held["Body"].read(), held["ContentType"])
    store.close()
