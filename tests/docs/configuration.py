"""Every key of the configuration file with type, default and meaning, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from schemas.config import (
    Config,
    Duration,
    KafkaConfig,
    MatchConfig,
    Model,
    RouteConfig,
    SecurityConfig,
    SinkConfig,
    Size,
    VcenterConfig,
    WebhookConfig,
)
from schemas.config.kafka import RESERVED
from schemas.config.units import format_duration, format_size
from sinks.registry import SINKS, model
from tests.docs.table import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

DURATION, SIZE = (TypeAdapter(kind).json_schema() for kind in (Duration, Size))
NAMED = "name"


def sections() -> Iterator[tuple[str, type[Model], tuple[str, ...]]]:
    """Title, model and own keys of each part of the file."""
    yield "the file", Config, _keys(Config)
    yield "kafka", KafkaConfig, _keys(KafkaConfig)
    yield "kafka.security", SecurityConfig, _keys(SecurityConfig)
    yield "vcenters.NAME", VcenterConfig, _keys(VcenterConfig, {NAMED})
    yield "webhook", WebhookConfig, _keys(WebhookConfig)
    yield "routes[]", RouteConfig, _keys(RouteConfig)
    yield "routes[].match", MatchConfig, _keys(MatchConfig)
    yield "sinks.NAME, every type", SinkConfig, _keys(SinkConfig, {NAMED})
    for kind in SINKS:
        yield f"sinks.NAME, type: {kind}", model(kind), _keys(model(kind), set(SinkConfig.keys()))


def render() -> str:
    """A table per part."""
    return "\n\n".join(f"### {title}\n\n{_table(part, keys)}" for title, part, keys in sections())


def reserved() -> str:
    """A table of the librdkafka properties that are refused."""
    return table(("property", "because"), ((code(name), reason) for name, reason in RESERVED.items()))


def _keys(part: type[Model], without: set[str] | None = None) -> tuple[str, ...]:
    return tuple(key for key in part.keys() if key not in (without or set()))


def _table(part: type[Model], keys: tuple[str, ...]) -> str:
    properties = part.model_json_schema()["properties"]
    fields = part.keys()
    rows = (
        (
            code(key),
            _type(properties[key]),
            _default(fields[key], properties[key]),
            _text(fields[key].description or ""),
        )
        for key in keys
    )
    return table(("key", "type", "default", "meaning"), rows)


def _type(schema: dict[str, Any]) -> str:
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if _is(schema, DURATION):
        return "duration"
    if _is(schema, SIZE):
        return "size"
    if len(choices) == 1:
        return _type(choices[0])
    if choices:
        return " or ".join(dict.fromkeys(map(_type, choices)))
    if "enum" in schema:
        return ", ".join(map(code, schema["enum"]))
    if "const" in schema:
        return code(schema["const"])
    if "pattern" in schema and "://" in schema["pattern"]:
        return "URL"
    if "File" in schema.get("description", "") or schema.get("format") == "path":
        return "path"
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "object")
    if kind == "integer" and "maximum" in schema:
        return f"number, {schema['minimum']} to {schema['maximum']}"
    names = {"integer": "number", "boolean": "true or false", "string": "text", "array": "list", "object": "mapping"}
    return names.get(kind, kind)


def _text(description: str) -> str:
    """A placeholder such as <folder> is no HTML."""
    return description.replace("<", "&lt;")


def _is(schema: dict[str, Any], kind: dict[str, Any]) -> bool:
    return "anyOf" in schema and schema["anyOf"] == kind["anyOf"]


def _default(field: FieldInfo, schema: dict[str, Any]) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in (None, "", (), {}) or isinstance(value, Model):
        return "–"
    if isinstance(value, bool):
        return code(str(value).lower())
    if _is(schema, DURATION):
        return code(format_duration(value))
    if _is(schema, SIZE):
        return code(format_size(value))
    return code(value)
