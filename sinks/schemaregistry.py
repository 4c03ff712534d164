"""A schema registry as Confluent's API has it: who reads a row asks it for the schema that wrote it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import orjson
from pydantic import Field, model_validator

from schemas.config import HttpUrl, Model, ReadableFile, Secret
from schemas.errors import Refused, Unreachable
from sinks.authorization import Authorization, check_login, check_secrecy

if TYPE_CHECKING:
    from clients.http import Client, Response
    from schemas.avro.schema import Schema

_MEDIA_TYPE: Final = "application/vnd.schemaregistry.v1+json"
_LARGEST_ID: Final = 2**31 - 1
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})

_NO_REGISTRY: Final = "check registry.url; the registry's own log says more"

_CURES: Final[dict[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "check registry.username and registry.password_file",
    HTTPStatus.FORBIDDEN: "let this account register schemas",
    HTTPStatus.NOT_FOUND: "check registry.url: the path above /subjects",
    HTTPStatus.CONFLICT: "set the compatibility of the subject to BACKWARD, FORWARD or FULL, or delete its versions",
}


class RegistryConfig(Model):
    """Where the registry is, and who we are there."""

    url: HttpUrl = Field(description="Address of the registry: https://host:port, with the path above /subjects.")
    username: str | None = Field(None, min_length=1, description="Account for basic authentication.")
    password: Secret | None = Field(None, description="Password of the account.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the registry (PEM); default: those of the system."
    )

    @model_validator(mode="after")
    def _credentials_fit(self) -> RegistryConfig:
        check_login(self.username, self.password)
        if self.username is not None:
            check_secrecy(self.url, insecure=False, field="url")
        return self


class SchemaRegistry:
    """Registers schemas.

    Args:
        config: the registry.
        http: the client of the process.
        timeout: seconds for an answer.
    """

    def __init__(self, config: RegistryConfig, http: Client, *, timeout: float) -> None:
        self._config = config
        self._http = http
        self._timeout = timeout
        self._authorization = Authorization(username=config.username, password=config.password)

    async def register(self, subject: str, schema: Schema) -> int:
        """The id of a schema under a subject; one that is registered already keeps its id.

        Raises:
            Unreachable: no answer, or one that may be better later (408, 429, 5xx).
            Refused: the registry does not know us, or does not take the schema, or is none.
        """
        response = await self._http.request(
            "POST",
            f"{self._config.url.rstrip('/')}/subjects/{quote(subject, safe='')}/versions",
            headers=(("Content-Type", _MEDIA_TYPE), ("Accept", _MEDIA_TYPE), *self._authorization.headers()),
            body=orjson.dumps({"schema": schema.text}),
            timeout=self._timeout,
            ca_file=self._config.ca_file,
        )
        if response.status != HTTPStatus.OK:
            raise _no(subject, response.status)
        return _id(subject, response)


def _no(subject: str, status: int) -> Refused | Unreachable:
    what = f"the schema registry answered {status} when asked to take the schema of {subject}"
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(what)
    return Refused(what, cure=_CURES.get(status, _NO_REGISTRY))


def _id(subject: str, response: Response) -> int:
    try:
        answer = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        answer = None
    found = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _LARGEST_ID:
        raise Refused(f"the schema registry gave no id for the schema of {subject}", cure=_NO_REGISTRY)
    return found
