"""A stand-in for Orchestrator and the log-in of Aria Automation, written from their APIs' documentation."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.sinks.destination import Answer, Received

WORKFLOW: Final = "6e04a460-4a45-4e16-9603-db2922c24462"
PREFIX: Final = f"/vco/api/workflows/{WORKFLOW}"
LOGIN: Final = "/csp/gateway/am/api/login"
TOKENS: Final = "/iaas/api/login"

STARTED: Final = 1795167377913
"""When every execution starts, ms: the second of the suite's events."""

_KINDS: Final = {
    "string": "string",
    "number": "number",
    "boolean": "boolean",
    "Date": "date",
    "Properties": "properties",
    "Array": "array",
    "VC": "sdk-object",
}


@dataclass
class Run:
    """An execution.

    Attributes:
        told: every parameter it was started with, by name; vRO itself keeps those that the workflow declares.
        states: what it will say of itself, one after the other; the last one stays.
    """

    identifier: str
    told: dict[str, Any]
    inputs: list[dict[str, Any]]
    states: list[str]
    started: int = STARTED
    failure: str | None = None


@dataclass
class Orchestrator:
    """Answers as the servers do, and refuses what they refuse.

    Attributes:
        inputs: what the workflow declares: types by name.
        runs: every execution that was ever started, in order.
        purged: those that are not kept any more.
        states: those of executions to come.
        failure: what executions to come say when they fail.
        posts: how often a start was asked for, carried out or not.
        answer: replaces the answer to a start; a status of 2xx is carried out all the same.
        bearer: whether tokens are wanted instead of the account.
        tokens: those that are valid.
        issued: how many were given out.
    """

    password: str
    inputs: dict[str, str] = field(default_factory=lambda: {"cloudEventAttributes": "Properties", "vm": "VC:Any"})
    runs: dict[str, Run] = field(default_factory=dict)
    purged: set[str] = field(default_factory=set)
    states: tuple[str, ...] = ("initializing", "running", "completed")
    failure: str | None = None
    posts: int = 0
    reads: int = 0
    answer: Answer | None = None
    bearer: bool = False
    tokens: set[str] = field(default_factory=set)
    issued: int = 0

    def handle(self, received: Received) -> Answer:
        """The answer to one request."""
        if received.header("accept") != "application/json":
            return refusal(406, "Accept is missing")
        if received.body and received.header("content-type") != "application/json":
            return refusal(415, "Content-Type is not supported")
        parts = urlsplit(received.path)
        if parts.path in {LOGIN, TOKENS}:
            return self._issue(parts.path, parts.query, orjson.loads(received.body))
        if not self._authorized(received.header("authorization") or ""):
            return refusal(401, "The user is not authorized")
        if not parts.path.startswith(PREFIX):
            return refusal(404, "Cannot find a workflow with the specified ID")
        return self._of_workflow(received, parts.path.removeprefix(PREFIX), parse_qs(parts.query))

    def start(self, parameters: list[dict[str, Any]]) -> Run:
        """Another execution."""
        identifier = f"{len(self.runs):032x}"
        kept = [each for each in parameters if each["name"] in self.inputs]
        told = {each["name"]: each for each in parameters}
        run = Run(identifier, told, kept, list(self.states), failure=self.failure)
        self.runs[identifier] = run
        return run

    def _authorized(self, shown: str) -> bool:
        if self.bearer:
            return shown.removeprefix("Bearer ") in self.tokens
        return shown == f"Basic {b64encode(f'reflexarc:{self.password}'.encode()).decode()}"

    def _issue(self, path: str, query: str, given: dict[str, str]) -> Answer:
        if path == LOGIN:
            if query != "access_token" or given != {"username": "reflexarc", "password": self.password}:
                return refusal(400, "Invalid credentials")
            return Answer(200, body=orjson.dumps({"refresh_token": self.password}))
        if given != {"refreshToken": self.password}:
            return refusal(403, "Invalid refresh token")
        self.issued += 1
        token = f"bearer-{self.issued}.{'e' * 30}"
        self.tokens.add(token)
        return Answer(200, body=orjson.dumps({"tokenType": "Bearer", "token": token}))

    def _of_workflow(self, received: Received, path: str, query: dict[str, list[str]]) -> Answer:
        match received.method, path.strip("/").split("/"):
            case "GET", [""]:
                listed = [{"name": name, "type": kind} for name, kind in self.inputs.items()]
                return Answer(200, body=orjson.dumps({"id": WORKFLOW, "name": "w", "input-parameters": listed}))
            case "POST", ["executions"]:
                return self._post(orjson.loads(received.body))
            case "GET", ["executions"]:
                return self._list(query)
            case "GET", ["executions", identifier, *rest] if identifier in self.runs.keys() - self.purged:
                return self._read(self.runs[identifier], rest)
        return refusal(404, "Cannot find a workflow run")

    def _post(self, given: dict[str, Any]) -> Answer:
        self.posts += 1
        if self.answer is not None and not 200 <= self.answer.status < 300:
            return self.answer
        if wrong := next(filter(None, map(fault, given["parameters"])), None):
            return refusal(400, wrong)
        if len({each["name"] for each in given["parameters"]}) < len(given["parameters"]):
            return refusal(400, "a parameter is there twice")
        run = self.start(given["parameters"])
        location = {"Location": f"https://vro.example{PREFIX}/executions/{run.identifier}/"}
        return self.answer or Answer(202, location, orjson.dumps({"id": run.identifier, "state": "initializing"}))

    def _list(self, query: dict[str, list[str]]) -> Answer:
        if not {"maxResult", "startIndex"} <= query.keys():
            return refusal(400, "maxResult and startIndex are required")
        size, first = int(query["maxResult"][0]), int(query["startIndex"][0])
        kept = [run for run in self.runs.values() if run.identifier not in self.purged]
        links = [
            {
                "rel": "down",
                "href": f"https://vro.example{PREFIX}/executions/{run.identifier}/",
                "attributes": [{"name": "state", "value": run.states[0]}, {"name": "startDate", "value": run.started}],
            }
            for run in kept[first : first + size]
        ]
        relations = {"total": len(kept), "start": first, "link": links}
        return Answer(200, body=orjson.dumps({"href": f"{PREFIX}/executions/", "relations": relations}))

    def _read(self, run: Run, rest: list[str]) -> Answer:
        if rest == ["state"]:
            state = run.states[0]
            run.states = run.states[1:] or run.states
            return Answer(200, body=orjson.dumps({"value": state}))
        self.reads += 1
        shown = {"id": run.identifier, "state": run.states[0], "start-date": run.started, "name": "w"}
        if run.failure and run.states[0] == "failed":
            shown["content-exception"] = run.failure
        return Answer(200, body=orjson.dumps({**shown, "input-parameters": run.inputs, "output-parameters": []}))


def fault(parameter: dict[str, Any]) -> str | None:
    """What is wrong with a parameter: its form, or a value that is not of its type."""
    if parameter.keys() != {"scope", "name", "type", "value"} or parameter["scope"] != "local":
        return f"a parameter has other keys: {sorted(parameter)}"
    kind, wire = parameter["type"].partition(":")[0].partition("/")[0], parameter["value"]
    if kind not in _KINDS or [*wire] != [_KINDS[kind]]:
        return f"{parameter['name']} is no {parameter['type']}"
    return _fault(wire)


def _fault(wire: dict[str, Any]) -> str | None:
    ((kind, value),) = wire.items()
    match kind:
        case "properties":
            inner = [each["value"] for each in value["property"] if isinstance(each["key"], str)]
            return next(filter(None, map(_fault, inner)), None)
        case "array":
            return next(filter(None, map(_fault, value["elements"])), None)
        case "sdk-object":
            return None if {*value} == {"type", "id"} and value["type"].startswith("VC:") else "no object"
    right = {"string": str, "date": str, "boolean": bool, "number": int | float}.get(kind)
    return None if right and isinstance(value["value"], right) else f"{value} is no {kind}"


def refusal(status: int, message: str) -> Answer:
    """An error with a sentence."""
    return Answer(status, body=orjson.dumps({"status": status, "message": message}))
