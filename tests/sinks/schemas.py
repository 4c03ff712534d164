"""A schema registry on loopback, strict: it takes only what Confluent's API says, and checks it with Avro itself."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from fastavro.schema import SchemaParseException, parse_schema

from tests.sinks.destination import Answer

if TYPE_CHECKING:
    from tests.sinks.destination import Received

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class Schemas:
    """Answers as a registry does.

    Attributes:
        subjects: ids of schemas by subject.
        schemas: the schemas themselves, by id.
    """

    def __init__(self, username: str, password: str) -> None:
        self.subjects: dict[str, list[int]] = {}
        self.schemas: dict[int, Any] = {}
        self._login = f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"

    def __call__(self, received: Received) -> Answer:
        if received.header("authorization") != self._login:
            return _error(401, 40101, "Unauthorized")
        parts = received.path.split("/")
        if received.method != "POST" or len(parts) != 4 or (parts[1], parts[3]) != ("subjects", "versions"):
            return _error(404, 404, "HTTP 404 Not Found")
        if received.header("content-type") != MEDIA_TYPE:
            return _error(415, 415, "HTTP 415 Unsupported Media Type")
        asked = json.loads(received.body)
        if set(asked) - {"schema", "schemaType", "references"} or not isinstance(asked.get("schema"), str):
            return _error(422, 422, "Unrecognized field")
        schema = json.loads(asked["schema"])
        try:
            parse_schema(schema)
        except SchemaParseException:
            return _error(422, 42201, "Invalid Avro schema")
        return _json(200, {"id": self._id(parts[2], schema)})

    def _id(self, subject: str, schema: Any) -> int:
        number = next((at for at, known in self.schemas.items() if known == schema), len(self.schemas) + 1)
        self.schemas[number] = schema
        if number not in self.subjects.setdefault(subject, []):
            self.subjects[subject].append(number)
        return number


def _error(status: int, code: int, message: str) -> Answer:
    return _json(status, {"error_code": code, "message": message})


def _json(status: int, body: Any) -> Answer:
    return Answer(status, {"Content-Type": MEDIA_TYPE}, json.dumps(body).encode())
