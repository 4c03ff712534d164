"""Every example of docs/raw.md, sent to a server that answers as the service does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml

from schemas.config import Scope
from sinks import registry
from sinks.base import SinkContext
from tests.docs import pages
from tests.sinks.bench import event
from tests.sinks.destination import Answer, Destination, always

if TYPE_CHECKING:
    from pathlib import Path

    from clients.http import Client

MESSAGE = 'web-1 on esx-3 in "north" is powered off'
DATA = {
    "Key": 4711,
    "CreatedTime": "2026-11-20T09:36:17.913Z",
    "FullFormattedMessage": MESSAGE,
    "Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}},
}
COMPACT = json.dumps(DATA, separators=(",", ":"))

EXAMPLES: dict[str, Any] = {
    name: sink
    for block in pages.blocks("yaml", pages.ROOT / "docs" / "raw.md")
    for name, sink in yaml.safe_load(block.text)["sinks"].items()
}
ANSWERS = {
    "pagerduty": Answer(202, body=b'{"status":"success","message":"Event processed","dedup_key":"vc1/i1/1"}'),
    "servicenow": Answer(201, body=b'{"result":{"sys_id":"9d385017c611228701d22104cc95c371"}}'),
    "jira": Answer(201, body=b'{"id":"10000","key":"OPS-24"}'),
    "slack": Answer(200, body=b"ok"),
    "teams": Answer(202),
    "vro": Answer(202),
}
PATHS = {
    "pagerduty": "/v2/enqueue",
    "servicenow": "/api/now/table/incident",
    "jira": "/rest/api/2/issue",
    "slack": "/hook?sig=1",
    "teams": "/hook?sig=1",
    "vro": "/vco/api/workflows/8c7a3a4e-5b0f-4b3e-9a41-2f3a5d0c1e77/executions",
}
BODIES: dict[str, Any] = {
    "pagerduty": {
        "routing_key": "s3cret",
        "event_action": "trigger",
        "dedup_key": "vc1/i1/1",
        "payload": {
            "summary": MESSAGE,
            "source": "web-1",
            "severity": "warning",
            "timestamp": "2026-11-20T09:36:17.913365487Z",
            "component": "vc1",
            "class": "VmPoweredOffEvent",
            "custom_details": DATA,
        },
    },
    "servicenow": {
        "short_description": f"vCenter: {MESSAGE}",
        "description": COMPACT,
        "correlation_id": "vc1/i1/1",
        "correlation_display": "reflexarc",
        "urgency": "2",
        "impact": "3",
        "cmdb_ci": "web-1",
    },
    "jira": {
        "fields": {
            "project": {"key": "OPS"},
            "issuetype": {"name": "Task"},
            "summary": "VmPoweredOffEvent: web-1",
            "description": MESSAGE,
            "labels": ["vcenter", "vc1"],
        }
    },
    "slack": {"text": f"*VmPoweredOffEvent* on vc1\n{MESSAGE}"},
    "teams": {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "body": [
                        {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "text": "VmPoweredOffEvent"},
                        {"type": "TextBlock", "wrap": True, "text": MESSAGE},
                        {
                            "type": "FactSet",
                            "facts": [
                                {"title": "vCenter", "value": "vc1"},
                                {"title": "Machine", "value": "web-1"},
                                {"title": "Time", "value": "2026-11-20T09:36:17.913365487Z"},
                            ],
                        },
                    ],
                },
            }
        ],
    },
    "vro": {
        "parameters": [
            {"name": "eventId", "type": "string", "scope": "local", "value": {"string": {"value": "vc1/i1/1"}}},
            {"name": "event", "type": "string", "scope": "local", "value": {"string": {"value": COMPACT}}},
        ]
    },
}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_an_example_makes_exactly_the_request_that_the_service_wants(
    name: str, client: Client, tmp_path: Path
) -> None:
    given = {**EXAMPLES[name], "name": name}
    async with Destination() as service:
        service.answer = always(ANSWERS[name])
        if "url" in given:
            given["url"] = f"{service.url}/{given['url'].split('/', 3)[3]}"
        for key, secret in (("password_file", "pw"), ("secret_url_file", f"{service.url}/hook?sig=1")):
            if key in given:
                (tmp_path / given[key]).write_text(secret)
        if "secret_file" in given["raw"]:
            (tmp_path / given["raw"]["secret_file"]).write_text("s3cret")
        config = registry.model("http").model_validate(given, context=Scope(folder=tmp_path))

        await registry.build(config, SinkContext(vcenters={}, http=client)).send(event(data=orjson.dumps(DATA)))

    [received] = service.received
    assert BODIES[name] == json.loads(received.body)
    assert ("POST", PATHS[name]) == (received.method, received.path)
    assert "application/json" == received.header("content-type")
    assert [] == [header for header, _ in received.headers if header.lower().startswith("ce-")]


def test_every_service_has_an_example() -> None:
    assert list(BODIES) == list(EXAMPLES)
