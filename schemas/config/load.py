"""The way from a file to a ``Config``: read, parse, validate every part, report all faults at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from schemas.config import across
from schemas.config.commands import CommandsConfig, references
from schemas.config.config import Config
from schemas.config.file import read
from schemas.config.inventory import IngestInventoryConfig
from schemas.config.kafka import KafkaConfig
from schemas.config.names import suggestion
from schemas.config.reading import Reading
from schemas.config.remediation import RemediationConfig
from schemas.config.routes import FOLDER, Routes
from schemas.config.scope import Scope
from schemas.config.sink import SinkConfig
from schemas.config.vcenter import VcenterConfig
from schemas.config.webhook import WebhookConfig
from schemas.config.wording import unknown_key
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from schemas.config.document import Path as At
    from schemas.config.route import RouteConfig


def load(
    path: Path,
    *,
    sink_models: Callable[[str], type[SinkConfig]],
    sink_types: Sequence[str],
    route_faults: Callable[[RouteConfig], Iterable[tuple[At, str, str]]] = lambda _route: (),
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """The validated configuration of the file at ``path`` and of the files in ``routes.d`` beside it.

    Args:
        path: the YAML file; relative paths inside it start at its folder.
        sink_models: model of a sink type; called only for types that the file uses.
        sink_types: the types there are.
        route_faults: what is wrong with a route beyond its shape: path below the route, what, cure.
        environ: where ``${NAME}`` looks.

    Raises:
        ConfigError: with every problem of the files.
    """
    document = read(path)
    if document.problems:
        raise ConfigError(str(path), document.problems)
    sections = [document.data.get(name) for name in ("vcenters", "sinks")]
    vcenters, sinks = (section.keys() if isinstance(section, dict) else () for section in sections)
    kafka = document.data.get("kafka")
    kafka = kafka if isinstance(kafka, dict) else {}
    scope = Scope(folder=path.parent, environ=environ, vcenters=vcenters, sinks=sinks, kafka=kafka)
    reading, routes = Reading(document, scope), Routes(route_faults)
    parts = _parts(reading, sink_models, sink_types)
    for at, what, cure in across.faults(parts):
        reading.fault(at, what, cure)
    routes.read(reading)
    routes.read_folder(path.parent / FOLDER, scope)
    if reading.problems or routes.problems:
        raise ConfigError(
            str(path),
            [*sorted(reading.problems, key=lambda problem: problem.line or 0), *routes.problems],
        )
    return Config.model_validate({**parts, "routes": tuple(routes.found)})


def _parts(
    reading: Reading, sink_models: Callable[[str], type[SinkConfig]], sink_types: Sequence[str]
) -> dict[str, Any]:
    """Everything but the routes."""
    for key in reading.data:
        if key not in Config.model_fields:
            reading.fault((key,), *unknown_key(key, list(Config.model_fields)))
    return {
        "kafka": _kafka(reading),
        "webhook": _webhook(reading),
        "inventory": reading.model(IngestInventoryConfig, ("inventory",), reading.section("inventory")),
        "remediation": reading.model(RemediationConfig, ("remediation",), reading.section("remediation")),
        "commands": _commands(reading),
        "vcenters": {
            name: reading.named(VcenterConfig, ("vcenters", name), given)
            for name, given in reading.section("vcenters").items()
        },
        "sinks": {
            name: _sink(reading, name, given, sink_models, sink_types)
            for name, given in reading.section("sinks").items()
        },
    }


def _commands(reading: Reading) -> CommandsConfig | None:
    if "commands" not in reading.data:
        return None
    given = reading.data["commands"]
    if given is None:
        reading.fault(("commands",), "has no value", "write `people:` and `grants:` below it, or remove the line")
        return None
    found = reading.model(CommandsConfig, ("commands",), given)
    for at, what, cure in references.faults(found) if found else ():
        reading.fault(("commands", *at), what, cure)
    return found


def _kafka(reading: Reading) -> KafkaConfig | None:
    if reading.data.get("kafka") is None:
        reading.fault(("kafka",), "is missing", "add kafka: {bootstrap: <host:port>}")
        return None
    return reading.model(KafkaConfig, ("kafka",), reading.data["kafka"])


def _webhook(reading: Reading) -> WebhookConfig | None:
    if "webhook" not in reading.data:
        return None
    given = reading.data["webhook"]
    if given is None:
        reading.fault(("webhook",), "has no value", "write `listen: 127.0.0.1:8080` below it, or remove the line")
        return None
    return reading.model(WebhookConfig, ("webhook",), given)


def _sink(
    reading: Reading,
    name: str,
    given: Any,
    sink_models: Callable[[str], type[SinkConfig]],
    sink_types: Collection[str],
) -> SinkConfig | None:
    at = ("sinks", name)
    if not isinstance(given, dict):
        return reading.model(SinkConfig, at, given)
    kind = given.get("type")
    if isinstance(kind, str) and kind in sink_types:
        return reading.named(sink_models(kind), at, given)
    if kind is None:
        reading.fault((*at, "type"), "is missing", f"add type: one of {', '.join(sink_types)}")
    else:
        cure = suggestion(str(kind), sink_types, none="no connector is installed")
        reading.fault((*at, "type"), f"no connector is called {kind}", cure)
    return None
