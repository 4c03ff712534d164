"""The description of this server for machines: OpenAPI 3.1, made of the endpoints that it serves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ingest.webhook import stats
from ingest.webhook.problem import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.webhook.endpoint import Endpoint

STATUSES: Final = (400, 401, 403, 404, 408, 413, 415, 429, 431, 500, 503)
"""Answers of an endpoint beside 202: each a problem."""

_BEFORE_BODY: Final = frozenset({"401", "403", "404", "429", "431"})

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


def document(served: Sequence[Endpoint]) -> dict[str, Any]:
    """The description of ``served``; it says how to prove who one is, and holds no secret."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "reflexarc webhook", "version": "1"},
        "paths": {
            "/": {"get": _listing("The endpoints, and what each accepts.")},
            "/openapi.json": {"get": _listing("This description.")},
            **_stats([endpoint for endpoint in served if endpoint.counted]),
            **{
                route.replace("{tail:.*}", "{tail}"): _methods(endpoint, route)
                for endpoint in served
                for route in endpoint.routes
            },
        },
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "responses": {str(status): _problem(status) for status in (*STATUSES, 405)},
        },
    }


def _stats(counted: Sequence[Endpoint]) -> dict[str, Any]:
    if not counted:
        return {}
    told = {"description": "The counters of this process.", "content": {"application/json": {}}}
    refusals = {status: told for status, told in _refusals(counted[0]) if status in _BEFORE_BODY}
    return {stats.PATH: {"get": {"responses": {"200": told, **refusals}}}}


def _methods(endpoint: Endpoint, route: str) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in ("token", "tail")
        if f"{{{name}" in route
    ]
    operation = {
        "summary": "; ".join(endpoint.adapter.accepts),
        "requestBody": {"required": True, "content": {kind: {} for kind in sorted(endpoint.adapter.media_types)}},
        "responses": {
            **dict(_refusals(endpoint)),
            str(endpoint.answers.accepted(()).status): {"description": "Kafka has every event of the request."},
        },
    }
    described: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if endpoint.adapter.is_ping is not None:
        described["get"] = _ping()
    return described | {method.lower(): operation | {"operationId": name} for method, name in _names(endpoint, route)}


def _refusals(endpoint: Endpoint) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a sender hears in the words of the endpoint; where they are 200, it hears them so."""
    for status in STATUSES:
        answer = endpoint.answers.refused(Problem(status, "-"))
        # Before it is known whose request it is, every answer is a problem.
        if answer.content_type == MEDIA_TYPE or status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            yield str(status), {"$ref": f"#/components/responses/{status}"}
        elif answer.status == status:
            content = {answer.content_type: {"schema": {"type": "string"}}}
            yield str(status), {"description": HTTPStatus(status).phrase, "content": content}


def _ping() -> dict[str, Any]:
    """The GET of a sender that only tests the way: with another query than its own it is no method of the path."""
    references = {str(status): {"$ref": f"#/components/responses/{status}"} for status in (405, 429, 431)}
    return {"responses": {"200": {"description": "The way is open."}, **references}}


def _names(endpoint: Endpoint, route: str) -> Iterator[tuple[str, str]]:
    tail = "-tail" if "{tail" in route else ""
    for method in endpoint.adapter.methods:
        yield method, f"{method.lower()}-{endpoint.name}{tail}"


def _listing(description: str) -> dict[str, Any]:
    return {
        "responses": {
            "200": {"description": description, "content": {"application/json": {"schema": {"type": "object"}}}},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in ("401", "431")},
        }
    }


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
