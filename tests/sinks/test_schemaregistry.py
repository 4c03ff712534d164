from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.avro.schema import schema
from schemas.errors import Refused, Unreachable
from sinks.schemaregistry import RegistryConfig, SchemaRegistry
from tests.sinks.destination import Answer, Destination, always
from tests.sinks.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client

SUBJECT = "reflexarc.analytics-value"


@pytest.fixture
async def destination() -> AsyncIterator[Destination]:
    async with Destination() as destination:
        yield destination


@pytest.fixture
def registry(destination: Destination, client: Client, tmp_path: Path) -> SchemaRegistry:
    (tmp_path / "password").write_text("correct-horse")
    config = RegistryConfig.model_validate(
        {"url": destination.url, "username": "analyst", "password_file": str(tmp_path / "password")}
    )
    return SchemaRegistry(config, client, timeout=5.0)


async def test_a_schema_gets_an_id_and_keeps_it(destination: Destination, registry: SchemaRegistry) -> None:
    answers = Schemas("analyst", "correct-horse")
    destination.answer = answers
    ids = [
        await registry.register(subject, schema(name))
        for subject, name in ((SUBJECT, "event"), ("counts-value", "count"), (SUBJECT, "event"))
    ]
    assert ([1, 2, 1], {SUBJECT: [1], "counts-value": [2]}) == (ids, answers.subjects)
    assert "com.reflexarc.analytics" == answers.schemas[1]["namespace"]


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        (401, "check registry.username and registry.password_file"),
        (403, "let this account register schemas"),
        (404, "check registry.url: the path above /subjects"),
        (409, "compatibility of the subject"),
        (422, "the registry's own log says more"),
    ],
)
async def test_a_refusal_says_what_to_do(
    status: int, cure: str, destination: Destination, registry: SchemaRegistry
) -> None:
    destination.answer = always(Answer(status))
    with pytest.raises(Refused, match=f"answered {status} .* {SUBJECT}") as caught:
        await registry.register(SUBJECT, schema("event"))
    assert cure in (caught.value.cure or "")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_what_may_be_better_later_is_no_refusal(
    status: int, destination: Destination, registry: SchemaRegistry
) -> None:
    destination.answer = always(Answer(status))
    with pytest.raises(Unreachable, match=f"answered {status}"):
        await registry.register(SUBJECT, schema("event"))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id": "7"}', b'{"id": true}', b'{"id": 4294967296}'])
async def test_an_answer_without_an_id_is_none_of_a_registry(
    body: bytes, destination: Destination, registry: SchemaRegistry
) -> None:
    destination.answer = always(Answer(200, {}, body))
    with pytest.raises(Refused, match="gave no id"):
        await registry.register(SUBJECT, schema("event"))


async def test_nobody_there_is_unreachable(destination: Destination, registry: SchemaRegistry) -> None:
    await destination.stop()
    with pytest.raises(Unreachable):
        await registry.register(SUBJECT, schema("event"))


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"url": "http://registry.example"}, "unencrypted"),
        ({"url": "https://registry.example", "password": None}, "without its other half"),
    ],
)
def test_credentials_are_whole_and_travel_encrypted(fields: dict[str, Any], what: str, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    given = {"username": "analyst", "password_file": str(tmp_path / "password")}
    if "password" in fields:
        given.pop("password_file")
    with pytest.raises(ValidationError, match=what):
        RegistryConfig.model_validate(given | {"url": fields["url"]})
