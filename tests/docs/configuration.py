"""Every key of the configuration file with type, default and meaning, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from schemas.config import (
    AccumulateConfig,
    AlarmConfig,
    CanaryConfig,
    Config,
    Duration,
    EndpointConfig,
    IngestInventoryConfig,
    InventoryConfig,
    KafkaConfig,
    MatchConfig,
    Model,
    PatternConfig,
    RouteConfig,
    SecurityConfig,
    SinkConfig,
    Size,
    ThrottleConfig,
    TransformConfig,
    VcenterConfig,
    WebhookConfig,
    WindowConfig,
)
from schemas.config.commands import (
    CommandsConfig,
    DefaultOfConfig,
    GrantConfig,
    LeaseConfig,
    PersonConfig,
    PresetConfig,
    QuarantineConfig,
    SizeConfig,
    VerbConfig,
)
from schemas.config.kafka import RESERVED
from schemas.config.routes import OwnerConfig
from schemas.config.units import format_duration, format_size
from schemas.config.webhook import (
    DoorConfig,
    EventConfig,
    HmacConfig,
    ServerTlsConfig,
    SlackConfig,
    SocketModeConfig,
    StatsConfig,
)
from sinks.http.rawconfig import AnswerConfig, RawConfig
from sinks.oauth2 import OAuth2Config
from sinks.registry import SINKS, model
from sinks.signature import SignatureConfig
from sinks.vsphere.actions import ACTIONS
from tests.docs.table import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

DURATION, SIZE = (TypeAdapter(kind).json_schema() for kind in (Duration, Size))
NAMED = "name"
HTTP_PARTS: dict[str, type[Model]] = {
    "raw": RawConfig,
    "raw.answer": AnswerConfig,
    "oauth2": OAuth2Config,
    "signature": SignatureConfig,
}
COMMANDS: dict[str, type[Model]] = {
    "commands": CommandsConfig,
    "commands.people.NAME": PersonConfig,
    "commands.grants[]": GrantConfig,
    "commands.presets.NAME": PresetConfig,
    "commands.presets.NAME.default_of": DefaultOfConfig,
    "commands.sizes.NAME": SizeConfig,
    "commands.lease": LeaseConfig,
    "commands.quarantine": QuarantineConfig,
    "commands.verbs.NAME": VerbConfig,
}
KINDS = {
    "array": "list",
    "boolean": "true or false",
    "integer": "number",
    "number": "number",
    "object": "mapping",
    "string": "text",
}


def sections() -> Iterator[tuple[str, type[Model], tuple[str, ...]]]:
    """Title, model and own keys of each part of the file."""
    yield "the file", Config, _keys(Config)
    yield "kafka", KafkaConfig, _keys(KafkaConfig)
    yield "kafka.security", SecurityConfig, _keys(SecurityConfig)
    yield "vcenters.NAME", VcenterConfig, _keys(VcenterConfig, {NAMED})
    yield "vcenters.NAME.canary", CanaryConfig, _keys(CanaryConfig)
    yield "webhook", WebhookConfig, _keys(WebhookConfig)
    yield "webhook.tls", ServerTlsConfig, _keys(ServerTlsConfig)
    yield "webhook.stats", StatsConfig, _keys(StatsConfig)
    yield "webhook.endpoints.NAME", EndpointConfig, _keys(EndpointConfig)
    yield "webhook.endpoints.NAME.event, type: generic", EventConfig, _keys(EventConfig)
    yield "webhook.endpoints.NAME.slack, type: slack", SlackConfig, _keys(SlackConfig)
    yield "webhook.endpoints.NAME.slack.socket_mode", SocketModeConfig, _keys(SocketModeConfig)
    yield "webhook.endpoints.NAME.door", DoorConfig, _keys(DoorConfig)
    yield "webhook.endpoints.NAME.door.hmac", HmacConfig, _keys(HmacConfig)
    for title, part in COMMANDS.items():
        yield title, part, _keys(part)
    yield "inventory", IngestInventoryConfig, _keys(IngestInventoryConfig)
    yield "routes[]", RouteConfig, _keys(RouteConfig)
    yield "routes[].match", MatchConfig, _keys(MatchConfig)
    yield "routes[].match.pattern, unless in place", PatternConfig, _keys(PatternConfig)
    yield "routes[].match.alarm", AlarmConfig, _keys(AlarmConfig)
    yield "routes[].match.inventory", InventoryConfig, _keys(InventoryConfig)
    yield "routes[].active_windows[], mute_windows[]", WindowConfig, _keys(WindowConfig)
    yield "routes[].transform", TransformConfig, _keys(TransformConfig)
    yield "routes[].throttle", ThrottleConfig, _keys(ThrottleConfig)
    yield "routes[].throttle.accumulate", AccumulateConfig, _keys(AccumulateConfig)
    yield "owner, of a file in routes.d", OwnerConfig, _keys(OwnerConfig)
    yield "sinks.NAME, every type", SinkConfig, _keys(SinkConfig, {NAMED})
    for kind in SINKS:
        yield f"sinks.NAME, type: {kind}", model(kind), _keys(model(kind), set(SinkConfig.keys()))
        for key, field in model(kind).keys().items():
            if (inner := _model_in(field.annotation)) and inner.model_fields:
                yield f"sinks.NAME.{key}, type: {kind}", inner, _keys(inner)
    for action, entry in ACTIONS.items():
        if entry.parameters.model_fields:
            yield f"sinks.NAME.parameters, type: vsphere, action: {action}", entry.parameters, _keys(entry.parameters)


def render() -> str:
    """A table per part."""
    return "\n\n".join(f"### {title}\n\n{_table(part, keys)}" for title, part, keys in sections())


def reserved() -> str:
    """A table of the librdkafka properties that are refused."""
    return table(("property", "because"), ((code(name), reason) for name, reason in RESERVED.items()))


def _keys(part: type[Model], without: set[str] | None = None) -> tuple[str, ...]:
    known = part.keys()
    return tuple(key for key in known if key not in (without or set()))


def _model_in(annotation: Any) -> type[Model] | None:
    """The model of a part within a part."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _table(part: type[Model], keys: tuple[str, ...]) -> str:
    schema = part.model_json_schema()
    described = schema if "properties" in schema else schema["$defs"][part.__name__]  # it refers to itself
    properties = described["properties"]
    fields = part.keys()
    rows = (
        (
            code(key),
            "path" if key.endswith("_file") else _type(properties[key]),
            _default(fields[key], properties[key]),
            _text(fields[key].description or ""),
        )
        for key in keys
    )
    return table(("key", "type", "default", "meaning"), rows)


def _type(schema: dict[str, Any]) -> str:
    if _is(schema, DURATION):
        return "duration"
    if _is(schema, SIZE):
        return "size"
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return " or ".join(dict.fromkeys(map(_type, choices))) or _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return ", ".join(map(code, values))
    if "://" in schema.get("pattern", ""):
        return "URL"
    if "maximum" in schema and "minimum" in schema:
        return f"number, {schema['minimum']} to {schema['maximum']}"
    if "exclusiveMinimum" in schema and "maximum" in schema:
        return f"number, above {schema['exclusiveMinimum']:g}, to {schema['maximum']:g}"
    return "path" if schema.get("format") == "path" else KINDS[schema.get("type", "object")]


def _text(description: str) -> str:
    """A placeholder such as <folder> is no HTML."""
    return description.replace("<", "&lt;")


def _is(schema: dict[str, Any], kind: dict[str, Any]) -> bool:
    return bool(schema.get("anyOf") == kind["anyOf"])


def _default(field: FieldInfo, schema: dict[str, Any]) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in (None, "", (), {}) or isinstance(value, Model):
        return "-"
    if isinstance(value, bool | tuple):
        return code(", ".join(value) if isinstance(value, tuple) else str(value).lower())
    if _is(schema, DURATION):
        return code(format_duration(value))
    if _is(schema, SIZE):
        return code(format_size(value))
    return code(value)
