from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from schemas.config import (
    Config,
    KafkaConfig,
    MatchConfig,
    Model,
    RouteConfig,
    SecurityConfig,
    SinkConfig,
    VcenterConfig,
    WebhookConfig,
    json_schema,
)
from schemas.config.document import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

KAFKA = "kafka: {bootstrap: 'localhost:9092', retention: 7d, options: {linger.ms: 5}}\n"


@pytest.fixture
def schema(models: Mapping[str, type[SinkConfig]]) -> dict[str, Any]:
    return json_schema(models.__getitem__, tuple(models))


def faults(schema: dict[str, Any], text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return [error.json_path for error in validator.iter_errors(parse(text).data)]


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_is_defined(schema: dict[str, Any]) -> None:
    text = json.dumps(schema)
    assert all(text.count(f'"#/$defs/{name}"') for name in schema["$defs"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vcenters: {vc1: {url: 'https://vc1', username: u, password_file: f, start_from: 24h, poll: 250ms}}",
        "vcenters: {vc1: {url: 'https://vc1', username: u, password: '${P}', start_from: now, timeout: 30}}",
        "vcenters: {vc1: {url: 'recorded:/pages', start_from: now}}",
        "webhook: {listen: '0.0.0.0:80', token_file: f, max_body: 64KiB}",
        "routes: [{name: a, match: {subject: S}, to: s}, {name: b, match: {subject: [S, T]}, to: [s]}]",
        "sinks: {s: {type: post, url: 'https://h', timeout: 1m30s, login: {user: u, password_file: f}}}",
        "sinks: {s: {type: act, vcenter: vc1}}",
    ],
)
def test_it_accepts_what_the_loader_accepts(schema: dict[str, Any], text: str) -> None:
    assert [] == faults(schema, KAFKA + text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("kafka: {}", "$.kafka"),
        ("kafka: {bootstrap: 'a:1', partitions: 0}", "$.kafka.partitions"),
        (KAFKA + "kafkas: {}", "$"),
        (KAFKA + "vcenters: {vc1: {url: 'https://vc1', username: u}}", "$.vcenters.vc1"),
        (KAFKA + "vcenters: {vc1: {url: 'recorded:/pages', username: u}}", "$.vcenters.vc1"),
        (KAFKA + "vcenters: {vc1: {url: 'https://vc1', password_file: f}}", "$.vcenters.vc1"),
        (KAFKA + "vcenters: {vc1: {url: 'https://vc1', username: u, password: hunter2}}", "$.vcenters.vc1.password"),
        (KAFKA + "webhook: {max_body: 1 mega}", "$.webhook"),
        (KAFKA + "routes: [{name: a}]", "$.routes[0]"),
        (KAFKA + "sinks: {s: {url: 'https://h'}}", "$.sinks.s"),
        (KAFKA + "sinks: {s: {type: post, url: 'https://h', name: s}}", "$.sinks.s"),
    ],
)
def test_it_refuses_what_the_loader_refuses(schema: dict[str, Any], text: str, path: str) -> None:
    assert path in faults(schema, text)


@pytest.mark.parametrize(
    "model", [Config, KafkaConfig, SecurityConfig, VcenterConfig, WebhookConfig, RouteConfig, MatchConfig, SinkConfig]
)
def test_every_field_is_described(model: type[Model]) -> None:
    assert [] == [name for name, field in model.model_fields.items() if not field.description]
