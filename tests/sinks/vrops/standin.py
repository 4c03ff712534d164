"""A stand-in for Aria Operations, written from its API's documentation: tokens, hosts, maintenance, properties."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.sinks.destination import Answer, Received

if TYPE_CHECKING:
    from collections.abc import Iterator

UUID: Final = "5f0c5b0a-4a1e-4b5e-9d5c-0a7f3a1c2b3d"
"""Instance UUID of the vCenter that the hosts belong to."""

PREFIX: Final = "/suite-api/api"
HOSTS: Final = "/adapterkinds/VMWARE/resourcekinds/HostSystem/resources"


@dataclass
class Machine:
    """A host as the stand-in keeps it.

    Attributes:
        states: what each adapter instance says, in maintenance or not.
        before: what they said before maintenance began.
        coming: what they will say, after so many more looks.
        unread: properties that were taken and cannot be read yet, each with the looks that it takes.
    """

    identifier: str
    name: str
    reference: str
    vcenter: str = UUID
    states: list[str] = field(default_factory=lambda: ["STARTED", "STARTED"])
    before: list[str] = field(default_factory=list)
    coming: tuple[int, list[str]] | None = None
    properties: dict[str, str] = field(default_factory=lambda: {"config|name": "esx"})
    unread: list[tuple[str, str, int]] = field(default_factory=list)


class AriaOperations:
    """Answers as the server does, and refuses what it refuses.

    Attributes:
        machines: the hosts by identifier.
        tokens: those that are valid.
        acquired: how many were given out.
        released: those that were given back, each time.
        journal: every change that was carried out, in order: method, identifier, query.
        puts: how often maintenance was asked for, carried out or not.
        slow: looks until a change or a property is seen.
        answer: replaces the answer to a PUT; a status of 2xx is carried out all the same.
        deaf: carry out no change, whatever is answered.
        scheme: how tokens must be announced.
    """

    def __init__(self, password: str) -> None:
        self.password = password
        self.machines: dict[str, Machine] = {}
        self.tokens: set[str] = set()
        self.acquired = 0
        self.released: list[str] = []
        self.journal: list[tuple[str, str, str]] = []
        self.puts = 0
        self.slow = 0
        self.answer: Answer | None = None
        self.deaf = False
        self.scheme = "vRealizeOpsToken"

    def add(self, reference: str, name: str, **more: Any) -> Machine:
        """A host that is monitored."""
        identifier = f"0000-{len(self.machines)}"
        self.machines[identifier] = machine = Machine(identifier, name, reference, **more)
        return machine

    def handle(self, received: Received) -> Answer:
        """The answer to one request."""
        parts = urlsplit(received.path)
        path = parts.path.removeprefix(PREFIX)
        if refused := _check(received, path):
            return refused
        if path == "/auth/token/acquire":
            return self._acquire(received)
        return self._authorized(received, path, parts.query)

    def _authorized(self, received: Received, path: str, query: str) -> Answer:
        scheme, _, token = (received.header("authorization") or "").partition(" ")
        if scheme != self.scheme or token not in self.tokens:
            return refusal(401, "The provided token is not valid", 1512)
        if (received.method, path) == ("POST", "/auth/token/release"):
            self.tokens.discard(token)
            self.released.append(token)
            return Answer(200)
        if (received.method, path) == ("GET", HOSTS):
            return self._search(parse_qs(query))
        head, _, rest = path.removeprefix("/resources/").partition("/")
        machine = self.machines.get(head) if path.startswith("/resources/") else None
        if machine is None:
            return refusal(404, f"no such resource: {head}")
        return self._of_resource(received, machine, rest, query)

    def _acquire(self, received: Received) -> Answer:
        if received.method != "POST" or not received.body:
            return refusal(405, "only POST")
        given = orjson.loads(received.body)
        if not {"username", "password"} <= given.keys() <= {"username", "password", "authSource"}:
            return refusal(400, "username and password are needed")
        if given["password"] != self.password:
            return refusal(401, "The provided username/password is not valid")
        self.acquired += 1
        token = f"token-{self.acquired}::{'f' * 20}"
        self.tokens.add(token)
        body = {"token": token, "validity": 1893456000000, "expiresAt": "2030-01-01 00:00:00 UTC", "roles": []}
        return Answer(200, body=orjson.dumps(body))

    def _search(self, query: dict[str, list[str]]) -> Answer:
        """Hosts whose names hold one of those asked for, whichever vCenter they belong to."""
        wanted = [name.lower() for name in query.get("name", [""])]
        page, size = int(query.get("page", ["0"])[0]), int(query.get("pageSize", ["1000"])[0])
        found = [each for each in self.machines.values() if any(name in each.name.lower() for name in wanted)]
        listed = found[page * size : (page + 1) * size]
        info = {"totalCount": len(found), "page": page, "pageSize": size}
        body = {"pageInfo": info, "links": [], "resourceList": [described(each) for each in listed]}
        return Answer(200, body=orjson.dumps(body))

    def _of_resource(self, received: Received, machine: Machine, rest: str, query: str) -> Answer:
        match received.method, rest:
            case "GET", "":
                self._pass_time(machine)
                return Answer(200, body=orjson.dumps(described(machine)))
            case "GET", "properties":
                return self._properties(machine)
            case "POST", "properties":
                return self._remember(machine, orjson.loads(received.body)["property-content"])
            case "PUT", "maintained":
                return self._put(machine, query)
            case "DELETE", "maintained":
                self._change(machine, "DELETE", "", machine.before or ["STARTED"] * len(machine.states))
                return Answer(200)
        return refusal(405, "not allowed")

    @staticmethod
    def _properties(machine: Machine) -> Answer:
        machine.unread = [(key, value, looks - 1) for key, value, looks in machine.unread]
        machine.properties.update({key: value for key, value, looks in machine.unread if looks < 0})
        machine.unread = [each for each in machine.unread if each[2] >= 0]
        listed = [{"name": key, "value": value} for key, value in machine.properties.items()]
        return Answer(200, body=orjson.dumps({"resourceId": machine.identifier, "property": listed}))

    def _remember(self, machine: Machine, contents: list[dict[str, Any]]) -> Answer:
        for content in contents:
            if len(content["timestamps"]) != len(content["values"]):
                return refusal(400, "as many values as timestamps are needed")
            machine.unread.append((content["statKey"], content["values"][-1], self.slow))
        return Answer(200)

    def _put(self, machine: Machine, query: str) -> Answer:
        self.puts += 1
        answer = self.answer or Answer(200)
        if not 200 <= answer.status < 300 or self.deaf:
            return answer
        given = parse_qs(query)
        if not given.keys() <= {"duration", "end"} or not all(value[0].isdigit() for value in given.values()):
            return refusal(400, "duration and end are numbers")
        state = "MAINTAINED" if given else "MAINTAINED_MANUAL"
        machine.before = list(machine.states)
        self._change(machine, "PUT", query, [state] * len(machine.states))
        return answer

    def _change(self, machine: Machine, method: str, query: str, states: list[str]) -> None:
        self.journal.append((method, machine.identifier, query))
        machine.coming = (self.slow, states)
        if not self.slow:
            self._pass_time(machine)

    @staticmethod
    def _pass_time(machine: Machine) -> None:
        if machine.coming is None:
            return
        looks, states = machine.coming
        machine.coming = (looks - 1, states)
        if looks <= 0:
            machine.states, machine.coming = states, None


def _check(received: Received, path: str) -> Answer | None:
    """What is wrong with a request, whatever it is about."""
    if path == received.path.partition("?")[0]:
        return refusal(404, "no such page")
    if received.header("accept") != "application/json":
        return refusal(406, "Accept is missing")
    if received.method in {"POST", "PUT"} and received.header("content-length") is None:
        return refusal(411, "Content-Length is missing")
    if received.body and received.header("content-type") != "application/json":
        return refusal(415, "Content-Type is not supported")
    return None


def described(machine: Machine) -> dict[str, Any]:
    """A resource as the API shows it."""
    return {
        "identifier": machine.identifier,
        "resourceKey": {
            "name": machine.name,
            "adapterKindKey": "VMWARE",
            "resourceKindKey": "HostSystem",
            "resourceIdentifiers": list(_identifiers(machine)),
        },
        "resourceStatusStates": [
            {"adapterInstanceId": f"a-{number}", "resourceStatus": "DATA_RECEIVING", "resourceState": state}
            for number, state in enumerate(machine.states)
        ],
    }


def _identifiers(machine: Machine) -> Iterator[dict[str, Any]]:
    values = {"VMEntityName": machine.name, "VMEntityObjectID": machine.reference, "VMEntityVCID": machine.vcenter}
    for name, value in values.items():
        kind = {"name": name, "dataType": "STRING", "isPartOfUniqueness": name != "VMEntityName"}
        yield {"identifierType": kind, "value": value}


def refusal(status: int, message: str, code: int = 0) -> Answer:
    """An error as the API words it."""
    body = {"message": message, "httpStatusCode": status, "apiErrorCode": code}
    return Answer(status, body=orjson.dumps(body))
