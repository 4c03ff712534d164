"""The description of this server for machines: OpenAPI 3.1, made of the endpoints that it serves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ingest.webhook import stats
from ingest.webhook.doors.scheme import BEARER
from ingest.webhook.problem import MEDIA_TYPE, Problem
from schemas.cloudevents.attributes import OPTIONAL, REQUIRED
from schemas.cloudevents.jsonschema import EVENT
from schemas.cloudevents.mediatype import BATCH, STRUCTURED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.webhook.doors.scheme import SecurityScheme
    from ingest.webhook.endpoint import Endpoint

STATUSES: Final = (400, 401, 403, 404, 408, 413, 415, 417, 429, 431, 500, 503)
"""Answers of an endpoint beside 202: each a problem."""

_BEFORE_BODY: Final = frozenset({"401", "403", "404", "417", "429", "431"})
_BEFORE_ENDPOINT: Final = frozenset({417, 431})

_HEADERS: Final = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
"""What an answer never lacks."""

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "The attribute, header or JSON path at fault."},
    },
}

_EVENT: Final = {"$ref": "#/components/schemas/CloudEvent"}
_BODIES: Final[dict[str, Any]] = {STRUCTURED: {"schema": _EVENT}, BATCH: {"schema": {"type": "array", "items": _EVENT}}}
_BINARY: Final = "*/*"


def document(served: Sequence[Endpoint], *, token: bool = False) -> dict[str, Any]:
    """The description of ``served``; it says how to prove who one is, and holds no secret.

    Args:
        served: every endpoint.
        token: whether the server asks for its token where no endpoint is.
    """
    front = (BEARER,) if token else ()
    return {
        "openapi": "3.1.0",
        "info": {"title": "reflexarc webhook", "version": "1"},
        "paths": {
            "/": {"get": _listing("The endpoints, and what each accepts.", front)},
            "/openapi.json": {"get": _listing("This description.", front)},
            **_stats([endpoint for endpoint in served if endpoint.counted]),
            **{
                route.replace("{tail:.*}", "{tail}"): _methods(endpoint, route)
                for endpoint in served
                for route in endpoint.routes
            },
        },
        "components": {
            "schemas": {"Problem": _PROBLEM, "CloudEvent": EVENT},
            "responses": {str(status): _problem(status) for status in (*STATUSES, 405)},
            "securitySchemes": {
                scheme.name: scheme.object
                for asked in (front, *(endpoint.door.schemes for endpoint in served))
                for scheme in asked
            },
        },
    }


def _stats(counted: Sequence[Endpoint]) -> dict[str, Any]:
    if not counted:
        return {}
    told = {"description": "The counters of all processes.", "content": {"application/json": {}}}
    refusals = {status: refused for status, refused in _refusals(counted[0]) if status in _BEFORE_BODY}
    return {stats.PATH: {"get": _guarded(counted[0].door.schemes) | {"responses": {"200": told, **refusals}}}}


def _methods(endpoint: Endpoint, route: str) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in ("token", "tail")
        if f"{{{name}" in route
    ]
    operation = {
        "summary": "; ".join(endpoint.adapter.accepts),
        **_guarded(endpoint.door.schemes),
        **_request(endpoint),
        "responses": {
            **dict(_refusals(endpoint)),
            str(endpoint.answers.accepted(()).status): {"description": "Kafka has every event of the request."},
        },
    }
    described: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if endpoint.adapter.is_ping is not None:
        described["get"] = _ping()
    if endpoint.handshake is not None:
        described["options"] = _handshake() | _named("OPTIONS", endpoint, route)
    for method in endpoint.adapter.methods:
        described[method.lower()] = operation | _named(method, endpoint, route)
    return described


def _request(endpoint: Endpoint) -> dict[str, Any]:
    """What is sent: media types, and of a CloudEvent in binary mode its attributes, too."""
    content = {kind: _BODIES.get(kind, {}) for kind in sorted(endpoint.adapter.media_types)}
    if STRUCTURED not in endpoint.adapter.media_types:
        return {"requestBody": {"required": True, "content": content}}
    attributes = [name for name in (*REQUIRED, *OPTIONAL) if name != "datacontenttype"]
    headers = [
        {"name": f"ce-{name}", "in": "header", "schema": {"type": "string"}, "description": "In binary mode."}
        for name in attributes
    ]
    return {"parameters": headers, "requestBody": {"content": {**content, _BINARY: {}}}}


def _guarded(asked: Sequence[SecurityScheme]) -> dict[str, Any]:
    """All of it together."""
    return {"security": [{scheme.name: [] for scheme in asked}]} if asked else {}


def _refusals(endpoint: Endpoint) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a sender hears in the words of the endpoint; where they are 200, it hears them so."""
    for status in STATUSES:
        answer = endpoint.answers.refused(Problem(status, "-"))
        # Before it is known whose request it is, every answer is a problem.
        if answer.content_type == MEDIA_TYPE or status in _BEFORE_ENDPOINT:
            yield from _references(status).items()
        elif answer.status == status:
            yield str(status), _answer(status, answer.content_type, {"type": "string"})


def _ping() -> dict[str, Any]:
    """The GET of a sender that only tests the way: with another query than its own it is no method of the path."""
    return {"responses": {"200": {"description": "The way is open."}, **_references(405, 417, 429, 431)}}


def _handshake() -> dict[str, Any]:
    """CloudEvents' hand-shake, which needs no door."""
    origin = {"name": "WebHook-Request-Origin", "in": "header", "required": True, "schema": {"type": "string"}}
    granted = {
        name: {"required": True, "schema": {"type": "string"}}
        for name in ("Allow", "WebHook-Allowed-Origin", "WebHook-Allowed-Rate")
    }
    answer = {"description": "How often this origin may send.", "headers": granted}
    return {"parameters": [origin], "responses": {"200": answer, **_references(400, 403, 417, 429, 431)}}


def _named(method: str, endpoint: Endpoint, route: str) -> dict[str, str]:
    tail = "-tail" if "{tail" in route else ""
    return {"operationId": f"{method.lower()}-{endpoint.name}{tail}"}


def _listing(description: str, front: Sequence[SecurityScheme]) -> dict[str, Any]:
    return {
        **_guarded(front),
        "responses": {
            "200": {"description": description, "content": {"application/json": {"schema": {"type": "object"}}}},
            **_references(401, 417, 431),
        },
    }


def _references(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    return _answer(status, MEDIA_TYPE, {"$ref": "#/components/schemas/Problem"})


def _answer(status: int, content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {content_type: {"schema": schema}},
    }
    if name := _HEADERS.get(status):
        described["headers"] = {name: {"required": True, "schema": {"type": "string"}}}
    return described
