"""JSON Schema of the whole file, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from schemas.config.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import BaseModel

    from schemas.config.sink import SinkConfig


def json_schema(sink_models: Callable[[str], type[SinkConfig]], sink_types: Sequence[str]) -> dict[str, Any]:
    """Draft 2020-12 schema of the YAML file with every connector in ``sink_types``."""
    sinks = {kind: sink_models(kind) for kind in sink_types}
    models: list[type[BaseModel]] = [Config, *sinks.values()]
    refs, schema = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Any] = schema["$defs"]
    for kind, model in sinks.items():
        own = definitions[_name(refs[model, "validation"])]
        own["properties"]["type"] = {"const": kind, "description": "Which connector."}
        _key_by_name(own, required={"type"})
    _key_by_name(definitions["VcenterConfig"])
    definitions.pop("SinkConfig", None)
    root = definitions.pop("Config")
    root["properties"]["sinks"]["additionalProperties"] = {
        "oneOf": [refs[model, "validation"] for model in sinks.values()]
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


def _name(ref: dict[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _key_by_name(schema: dict[str, Any], required: frozenset[str] | set[str] = frozenset()) -> None:
    """In the file the name is the key above the part, not a field in it."""
    schema["properties"].pop("name")
    schema["required"] = sorted({*schema.get("required", ()), *required} - {"name"})
