"""Which OpenFaaS functions ask for which subject: their ``topic`` annotations, as the gateway lists them."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import orjson

from schemas.errors import Refused, Unavailable, Unreachable
from sinks import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clients.http import Client
    from sinks.authorization import Authorization
    from sinks.openfaas.config import OpenFaasConfig

log = logging.getLogger(__name__)

LISTING: Final = 16 * 1024 * 1024  # bytes of one list of functions
TOLD: Final = 20  # functions that one log line each is given at a time

_NAME = re.compile(r"[-a-zA-Z_0-9.]+")  # what the gateway itself takes; anything else would leave the path


class Directory:
    """The functions by subject, as of the last successful ``read``."""

    def __init__(self, config: OpenFaasConfig, authorization: Authorization, client: Client) -> None:
        self._config = config
        self._authorization = authorization
        self._http = client
        self._topics: Mapping[str, tuple[str, ...]] = {}

    def functions(self, subject: str | None) -> tuple[str, ...]:
        """``name.namespace`` of every function that asks for exactly this subject."""
        return self._topics.get(subject, ()) if subject is not None else ()

    async def read(self) -> None:
        """Read every namespace; what was known stays when one of them cannot be read.

        Raises:
            Unavailable: no gateway, or no list from it.
            Refused: the gateway does not accept the account.
        """
        namespaces = await self._list("/system/namespaces")
        queries = [f"?{urlencode({'namespace': namespace})}" for namespace in namespaces] or [""]
        listings = await asyncio.gather(*(self._list(f"/system/functions{query}") for query in queries))
        topics = by_topic(function for listing in listings for function in listing)
        self._tell(subjects(self._topics), subjects(topics))
        self._topics = topics

    def _tell(self, before: Mapping[str, frozenset[str]], now: Mapping[str, frozenset[str]]) -> None:
        """Make visible which functions have begun or ceased to ask for something."""
        name, nothing = self._config.name, frozenset[str]()
        metrics.SUBSCRIPTIONS.labels(name).set(sum(map(len, now.values())))
        metrics.FUNCTIONS_READ.labels(name).set_to_current_time()
        changed = [path for path in {**before, **now} if before.get(path) != now.get(path)]
        for number, path in enumerate(changed):
            come = now.get(path, nothing) - before.get(path, nothing)
            gone = before.get(path, nothing) - now.get(path, nothing)
            metrics.SUBSCRIPTION_CHANGES.labels(name, "appeared").inc(len(come))
            metrics.SUBSCRIPTION_CHANGES.labels(name, "vanished").inc(len(gone))
            if number < TOLD:
                log.info("%s: %s %s", name, path, _news(come, gone))
        if len(changed) > TOLD:
            log.info("%s: %d more functions have changed what they ask for", name, len(changed) - TOLD)

    async def _list(self, path: str) -> list[Any]:
        config = self._config
        try:
            response = await self._http.request(
                "GET",
                f"{config.gateway.rstrip('/')}{path}",
                headers=self._authorization.headers(),
                timeout=config.timeout,
                ca_file=config.ca_file,
                verify=not config.insecure,
                keep=LISTING,
            )
        except Unreachable as error:
            raise Unavailable(str(error)) from None
        if response.status in {401, 403}:
            raise Refused(f"the gateway does not accept the account ({response.status})", cure="check its password")
        if response.status != 200:
            raise Unavailable(f"the gateway answered {response.status} to {path}", status=str(response.status))
        return _as_list(response.body, path)


def _as_list(body: bytes, path: str) -> list[Any]:
    try:
        listed = orjson.loads(body or b"null")
    except orjson.JSONDecodeError:
        listed = False
    if listed is None:  # an empty list in Go
        return []
    if not isinstance(listed, list):
        raise Unavailable(f"the gateway's answer to {path} is no list, or too long")
    return listed


def by_topic(functions: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    """``name.namespace`` of the functions by each topic of their ``topic`` annotation, a comma list."""
    topics: dict[str, dict[str, None]] = {}
    for function in functions:
        path, annotation = _named(function)
        if not _NAME.fullmatch(path):
            log.warning("a function is called %.60r: ignored", path)
            continue
        for topic in filter(None, (part.strip() for part in annotation.split(","))):
            topics.setdefault(topic, {})[path] = None
    return {topic: tuple(paths) for topic, paths in topics.items()}


def subjects(topics: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The same the other way round: the subjects that each function asks for."""
    found: dict[str, set[str]] = {}
    for topic, paths in topics.items():
        for path in paths:
            found.setdefault(path, set()).add(topic)
    return {path: frozenset(some) for path, some in found.items()}


def _news(come: frozenset[str], gone: frozenset[str]) -> str:
    told = (("asks for", come), ("asks no more for", gone))
    return " and ".join(f"{verb} {_few(some)}" for verb, some in told if some)


def _few(some: frozenset[str]) -> str:
    """Subjects for a log line: the first in order, each cut and without control characters."""
    first, rest = sorted(some)[:TOLD], len(some) - TOLD
    named = ", ".join(ascii(subject[:100])[1:-1] for subject in first)
    return f"{named} and {rest} more" if rest > 0 else named


def _named(function: Any) -> tuple[str, str]:
    """Path and annotation of one listed function; empty where the list is not as it should be."""
    try:
        name, namespace = function["name"], function.get("namespace")
        annotation = (function.get("annotations") or {}).get("topic") or ""
    except (AttributeError, KeyError, TypeError):
        return "", ""
    if not name:
        return "", ""
    return f"{name}.{namespace}" if namespace else str(name), str(annotation)
