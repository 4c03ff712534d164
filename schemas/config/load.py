"""The way from a file to a ``Config``: read, parse, validate every part, report all faults at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from schemas.config.config import Config
from schemas.config.document import Document, dotted, parse
from schemas.config.inventory import IngestInventoryConfig
from schemas.config.kafka import KafkaConfig
from schemas.config.model import Model
from schemas.config.names import suggestion
from schemas.config.problems import problems_of
from schemas.config.route import RouteConfig
from schemas.config.scope import Scope
from schemas.config.sink import SinkConfig
from schemas.config.vcenter import VcenterConfig
from schemas.config.webhook import WebhookConfig
from schemas.config.wording import unknown_key
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from schemas.config.document import Path as At

LARGEST: Final = 16 * 2**20  # bytes; about a hundred thousand routes

M = TypeVar("M", bound=Model)


def load(
    path: Path,
    *,
    sink_models: Callable[[str], type[SinkConfig]],
    sink_types: Sequence[str],
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """The validated configuration of the file at ``path``.

    Args:
        path: the YAML file; relative paths inside it start at its folder.
        sink_models: model of a sink type; called only for types that the file uses.
        sink_types: the types there are.
        environ: where ``${NAME}`` looks.

    Raises:
        ConfigError: with every problem of the file.
    """
    document = read(path)
    if document.problems:
        raise ConfigError(str(path), document.problems)
    reading = _Reading(document, folder=path.parent, environ=environ)
    config = reading.config(sink_models, sink_types)
    if config is None:
        raise ConfigError(str(path), sorted(reading.problems, key=lambda problem: problem.line or 0))
    return config


def read(path: Path) -> Document:
    """The file at ``path`` as data with lines; whatever is wrong with it so far is in ``problems``."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return _unreadable("does not exist", "name the file with --config, or start from `reflexarc config example`")
    except OSError as error:
        return _unreadable(f"cannot be read: {(error.strerror or 'unknown').lower()}", "let this user read it")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unreadable("is not UTF-8 text", "store it as UTF-8", line)
    if len(content) > LARGEST:
        return _unreadable(f"is larger than {LARGEST} bytes", "name the configuration file")
    document = parse(text)
    if not document.problems and not isinstance(document.data, dict):
        what = "is empty" if document.data is None else "is not a mapping of keys to values"
        document.problems.append(Problem("", what, "start from `reflexarc config example`"))
    return document


def _unreadable(what: str, cure: str, line: int | None = None) -> Document:
    return Document(problems=[Problem("", what, cure, line)])


class _Reading:
    """One pass over one document; collects problems instead of stopping at the first."""

    def __init__(self, document: Document, *, folder: Path, environ: Mapping[str, str]) -> None:
        self._document = document
        self.problems: list[Problem] = []
        self._vcenters = self._section("vcenters")
        self._sinks = self._section("sinks")
        self._scope = Scope(folder=folder, environ=environ, vcenters=self._vcenters.keys(), sinks=self._sinks.keys())

    def config(self, sink_models: Callable[[str], type[SinkConfig]], sink_types: Sequence[str]) -> Config | None:
        """The whole file, or None when there are problems."""
        for key in self._document.data:
            if key not in Config.model_fields:
                self._fault((key,), *unknown_key(key, list(Config.model_fields)))
        parts = {
            "kafka": self._kafka(),
            "webhook": self._webhook(),
            "inventory": self._model(IngestInventoryConfig, ("inventory",), self._section("inventory")),
            "vcenters": {
                name: self._named(VcenterConfig, ("vcenters", name), given) for name, given in self._vcenters.items()
            },
            "routes": self._routes(),
            "sinks": {name: self._sink(name, given, sink_models, sink_types) for name, given in self._sinks.items()},
        }
        return None if self.problems else Config.model_validate(parts)

    def _section(self, name: str) -> dict[str, Any]:
        given = self._document.data.get(name)
        if given is None or isinstance(given, dict):
            return given or {}
        self._fault((name,), "is not a mapping of keys to values", "write `<name>: {…}` below it")
        return {}

    def _kafka(self) -> KafkaConfig | None:
        if self._document.data.get("kafka") is None:
            self._fault(("kafka",), "is missing", "add kafka: {bootstrap: <host:port>}")
            return None
        return self._model(KafkaConfig, ("kafka",), self._document.data["kafka"])

    def _webhook(self) -> WebhookConfig | None:
        if "webhook" not in self._document.data:
            return None
        given = self._document.data["webhook"]
        if given is None:
            self._fault(("webhook",), "has no value", "write `listen: 127.0.0.1:8080` below it, or remove the line")
            return None
        return self._model(WebhookConfig, ("webhook",), given)

    def _routes(self) -> tuple[RouteConfig | None, ...]:
        given = self._document.data.get("routes")
        if given is not None and not isinstance(given, list):
            self._fault(("routes",), "is not a list", "write one `- name: …` per route")
            return ()
        routes = tuple(self._model(RouteConfig, ("routes", at), route) for at, route in enumerate(given or ()))
        first: dict[str, int] = {}
        for at, route in enumerate(routes):
            if route is not None and first.setdefault(route.name, at) != at:
                where = dotted(("routes", first[route.name]))
                self._fault(("routes", at, "name"), f"{route.name} is already the name of {where}", "rename one")
        return routes

    def _sink(
        self,
        name: str,
        given: Any,
        sink_models: Callable[[str], type[SinkConfig]],
        sink_types: Collection[str],
    ) -> SinkConfig | None:
        at = ("sinks", name)
        if not isinstance(given, dict):
            return self._model(SinkConfig, at, given)
        kind = given.get("type")
        if isinstance(kind, str) and kind in sink_types:
            return self._named(sink_models(kind), at, given)
        if kind is None:
            self._fault((*at, "type"), "is missing", f"add type: one of {', '.join(sink_types)}")
        else:
            cure = suggestion(str(kind), sink_types, none="no connector is installed")
            self._fault((*at, "type"), f"no connector is called {kind}", cure)
        return None

    def _named(self, model: type[M], at: tuple[str, str], given: Any) -> M | None:
        if not isinstance(given, dict):
            return self._model(model, at, given)
        if "name" in given:
            self._fault((*at, "name"), "is not a known key", f"the name is the key above: {at[1]}")
        return self._model(model, at, {**given, "name": at[1]})

    def _model(self, model: type[M], at: At, given: Any) -> M | None:
        try:
            return model.model_validate(given, context=self._scope)
        except ValidationError as error:
            self.problems += problems_of(error, model, at, self._document)
            return None

    def _fault(self, at: At, what: str, cure: str) -> None:
        self.problems.append(Problem(dotted(at), what, cure, self._document.line(at)))
