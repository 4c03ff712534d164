"""OpenFaaS functions by their ``topic`` annotation: a stack.yml, or objects of kind Function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ops.imports import address
from ops.imports.configuration import Configuration
from ops.imports.endpoints import openfaas
from ops.imports.naming import plain
from ops.imports.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.imports.original import Original
    from schemas.config.document import Document, Path

GATEWAY: Final = "http://127.0.0.1:8080"
SINK: Final = "openfaas"

_VARIABLE = re.compile(r"\$\{[A-Za-z0-9_]+(?::-([^}]*))?\}")
_OLD = re.compile(r"(?:vm|drs|host|cluster|datastore|alarm|user|task|das|resource)(?:\.[a-z]+)+")


def convert(original: Original) -> Configuration:
    """The configuration that calls the functions of a stack as their annotations ask.

    Raises:
        ConfigError: it is no stack, or an annotation is no text.
    """
    configuration = Configuration("functions of OpenFaaS")
    gateway = _gateway(original, configuration)
    sink = openfaas(gateway, None, asynchronous=False)
    sink.off = {"username": "admin", "password": "${OPENFAAS_PASSWORD}"}
    sink.remark("a gateway with basic authentication needs an account that may list functions: switch these on")
    if address.in_the_clear(gateway):
        sink.off["insecure"] = True
    for document, at, name, function in _functions(original):
        _add(configuration, original, document, at, name=name, function=function)
    original.check()
    configuration.general.remark("functions stay as they are deployed; the sink reads their topic annotations itself")
    configuration.sinks[SINK] = sink
    return configuration


def _gateway(original: Original, configuration: Configuration) -> str:
    for document in original.documents:
        provider = document.data.get("provider") if isinstance(document.data, dict) else None
        given = provider.get("gateway") if isinstance(provider, dict) else None
        if isinstance(given, str):
            at = ("provider", "gateway")
            filled = _VARIABLE.sub(lambda found: found[1] or "", given)
            if filled != given:
                configuration.general.lost(
                    document, at, "takes a variable of faas-cli; what stands below is its default"
                )
            return address.url(filled or GATEWAY, original, document, at, scheme="http")
    configuration.general.lost(original.documents[0], (), f"names no gateway; {GATEWAY} is a guess")
    return GATEWAY


def _functions(original: Original) -> Iterator[tuple[Document, Path, str, dict[str, Any]]]:
    found = False
    for document in original.objects:
        data = document.data
        if isinstance(data, dict) and data.get("kind") == "Function" and isinstance(data.get("spec"), dict):
            metadata = data.get("metadata")
            named = data["spec"].get("name") or (metadata.get("name") if isinstance(metadata, dict) else None)
            yield document, ("spec",), str(named), data["spec"]
        elif isinstance(data, dict) and isinstance(data.get("functions"), dict):
            for name, function in data["functions"].items():
                if isinstance(function, dict):
                    yield document, ("functions", name), name, function
                else:
                    original.fault(
                        document, ("functions", name), "is not a mapping of keys to values", "write image: …"
                    )
        else:
            original.fault(document, (), "holds no functions", "name a stack.yml, or a file with kind: Function")
            continue
        found = True
    if not found:
        original.check()


def _add(
    configuration: Configuration,
    original: Original,
    document: Document,
    at: Path,
    *,
    name: str,
    function: dict[str, Any],
) -> None:
    annotations = function.get("annotations")
    topic = annotations.get("topic") if isinstance(annotations, dict) else None
    if topic is None:
        configuration.general.remark(f"the function {name} has no topic annotation: no event calls it")
        return
    where = (*at, "annotations", "topic")
    if not isinstance(topic, str) or not (topics := [part.strip() for part in topic.split(",") if part.strip()]):
        original.fault(document, where, "names no topic", "write topic: VmPoweredOffEvent, VmPoweredOnEvent")
        return
    topics = list(dict.fromkeys(topics))
    subjects = [each.replace("\\", "\\\\").replace("*", "\\*") for each in topics]
    taken = {route.settings["name"] for route in configuration.routes}
    route = Part(
        {
            "name": plain(name, "function", taken),
            "match": {"subject": subjects[0] if len(subjects) == 1 else subjects},
            "to": SINK,
        }
    )
    if route.settings["name"] != name:
        route.remark(f"the function {name}")
    for old in filter(_OLD.fullmatch, topics):
        named = "".join(word.capitalize() for word in old.split("."))
        route.lost(
            document,
            where,
            f"{old} is a topic of the vCenter connector of v0.2, called like {named}Event here",
        )
    if "VmPoweredOnEvent" in topics and "DrsVmPoweredOnEvent" not in topics:
        route.remark("with DRS a power-on is a DrsVmPoweredOnEvent")
    configuration.routes.append(route)
