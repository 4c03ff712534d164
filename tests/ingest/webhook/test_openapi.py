"""The description and the server agree."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from ingest.webhook.endpoint import endpoints
from ingest.webhook.openapi import document
from schemas.config import Secret, WebhookConfig
from tests.support import slack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Answer, Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

SECRET = Secret.from_env("S", {"S": "s3cr3t-of-the-door"})
ENDPOINTS = {
    "events": {"type": "cloudevents"},
    "basic": {"type": "cloudevents", "door": {"username": "u", "password": SECRET}},
    "allow": {"type": "log-alert", "door": {"allow": ["10.0.0.0/8"]}},
    "path": {"type": "log-alert", "path": "/alerts/log", "door": {"path_token": SECRET}},
    "operations": {"type": "aria-operations", "door": {"path_token": SECRET}},
    "router": {"type": "event-router"},
    "slack": slack.endpoint(),
    "rare": {"type": "cloudevents", "rate": "1/h"},
    "signed": {"type": "github", "door": {"hmac": {"secret": SECRET}, "token": SECRET}},
    "origins": {"type": "cloudevents", "origins": {"events.example.org": "2/s"}},
}
EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "t"}
REQUESTS = 40


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method in ("get", "post", "put", "options"):
            if method in item:
                yield path, method, item[method]


def requests(rng: random.Random) -> Iterator[tuple[dict[str, str], bytes]]:
    kinds = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "text/plain", ""]
    bodies = [b"", b"{}", b"[]", b"[" * 5000, b'{"origin": 1}', b"\xff", b'[{"specversion":"1.0"}]', bytes(300)]
    for _ in range(REQUESTS):
        headers = dict(EVENT) if rng.random() < 0.5 else {}
        headers |= {"Content-Type": rng.choice(kinds)} if rng.random() < 0.8 else {}
        headers |= {"Content-Encoding": rng.choice(["gzip", "br"])} if rng.random() < 0.2 else {}
        headers |= {"X-Large": "x" * 9000} if rng.random() < 0.05 else {}
        headers |= {"WebHook-Request-Origin": rng.choice(["events.example.org", "else"])} if rng.random() < 0.3 else {}
        headers |= {"Expect": "tea"} if rng.random() < 0.05 else {}
        yield headers, rng.choice(bodies)


def check(described: dict[str, Any], operation: dict[str, Any], answer: Answer) -> None:
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    assert set(response.get("headers", {})) <= set(answer.headers)
    if content := response.get("content"):
        ((kind, _),) = content.items()
        assert kind == answer.headers["Content-Type"].partition(";")[0]
    if answer.status >= 400 and "text/plain" not in response["content"]:
        jsonschema.validate(json.loads(answer.body), described["components"]["schemas"]["Problem"])


async def test_whatever_is_sent_the_answer_is_one_that_is_described(serve: Serve) -> None:
    rng = random.Random(20261129)  # noqa: S311 - samples, no secrets
    seen = set()
    async with serve(endpoints=ENDPOINTS, max_body=200) as webhook:
        described = json.loads((await webhook.post("/openapi.json", method="GET")).body)
        for path, method, operation in operations(described):
            for headers, body in requests(rng):
                address = path.replace("{token}", "s3cr3t-of-the-door" if rng.random() < 0.5 else "other")
                address = address.replace("{tail}", "alert-1")
                answer = await webhook.post(address, headers, body, method=method.upper())
                check(described, operation, answer)
                seen.add(answer.status)

    assert {200, 202, 400, 401, 403, 404, 405, 413, 415, 417, 429, 431} == seen


async def test_what_is_not_described_is_not_served(serve: Serve) -> None:
    async with serve(endpoints=ENDPOINTS) as webhook:
        described = json.loads((await webhook.post("/openapi.json", method="GET")).body)
        served = {(path, method) for path, method, _ in operations(described)}
        for path in described["paths"]:
            for method in {"get", "post", "put", "options", "delete", "patch"} - {
                one for where, one in served if where == path
            }:
                address = path.replace("{token}", "x").replace("{tail}", "y")
                answer = await webhook.post(address, method=method.upper())
                assert 405 == answer.status


def test_no_secret_is_described() -> None:
    config = WebhookConfig.model_validate({"endpoints": ENDPOINTS})
    assert "s3cr3t" not in json.dumps(document(endpoints(config)))


def test_a_description_says_what_each_door_asks_for_and_what_the_server_asks_for_elsewhere() -> None:
    described = document(endpoints(WebhookConfig.model_validate({"endpoints": ENDPOINTS})), token=True)
    asked = {path: operation.get("security") for path, _, operation in operations(described)}

    assert [{"bearer": []}] == asked["/"] == asked["/openapi.json"]
    assert [{"basic": []}] == asked["/basic"]
    assert [{"bearer": [], "signature-X-Hub-Signature-256": []}] == asked["/signed"]
    assert None is asked["/events"] is asked["/alerts/log/{token}"]
    names = {name for security in asked.values() if security for name in security[0]}
    assert names == set(described["components"]["securitySchemes"])


def test_a_description_says_how_an_event_looks_and_where_its_attributes_are_in_binary_mode() -> None:
    described = document(endpoints(WebhookConfig.model_validate({"endpoints": ENDPOINTS})))
    events, router = (described["paths"][path]["post"] for path in ("/events", "/router"))
    event = {"schema": {"$ref": "#/components/schemas/CloudEvent"}}

    assert event == events["requestBody"]["content"]["application/cloudevents+json"]
    assert {"application/cloudevents+json", "*/*"} == set(router["requestBody"]["content"])
    headers = {parameter["name"] for parameter in events["parameters"]}
    assert {"ce-id", "ce-source", "ce-type", "ce-specversion"} < headers
    assert "ce-datacontenttype" not in headers


def test_every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() -> None:
    described = document(endpoints(WebhookConfig.model_validate({"endpoints": ENDPOINTS})))
    found = [operation for _, method, operation in operations(described) if method != "get"]
    names = [operation["operationId"] for operation in found]
    references = {response.get("$ref") for operation in found for response in operation["responses"].values()} - {None}

    assert len(names) == len(set(names))
    assert {f"#/components/responses/{status}" for status in described["components"]["responses"]} >= references


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
async def test_the_lists_are_behind_the_servers_token(serve: Serve, path: str) -> None:
    async with serve(token=SECRET) as webhook:
        assert 401 == (await webhook.post(path, method="GET")).status
