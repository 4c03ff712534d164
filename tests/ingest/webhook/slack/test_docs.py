"""docs/webhook-slack.md keeps its word."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import orjson
import yaml

from ingest.webhook import metrics
from ingest.webhook.problem import Problem
from ingest.webhook.slack.answers import SLACK
from schemas.commands.kinds import ADDRESS, PRESSED, SLASH
from schemas.principal import EXTENSION
from tests.docs import pages
from tests.support import slack
from tests.support.slack import SIGNING, endpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

PAGE = pages.ROOT / "docs" / "webhook-slack.md"
EXAMPLE: dict[str, Any] = yaml.safe_load(pages.blocks("yaml", PAGE)[0].text)["webhook"]["endpoints"]["slack"]


async def test_the_example_is_signed_and_accepted_as_shown(serve: Serve, tmp_path: Path) -> None:
    (script,), (shown,) = pages.blocks("bash", PAGE), pages.blocks("json", PAGE)
    (tmp_path / "slack.secret").write_text(f"{SIGNING}\n")
    people = {name: EXAMPLE["slack"][name] for name in ("teams", "users")}
    async with serve(endpoints={"slack": endpoint(**people)}) as webhook:
        text = script.text.replace("https://events.example.com:8443", f"http://127.0.0.1:{webhook.port}")
        told = await asyncio.create_subprocess_exec("bash", "-c", text, cwd=tmp_path, stdout=asyncio.subprocess.PIPE)
        output, _ = await told.communicate()

    assert orjson.loads(shown.text) == orjson.loads(output)
    assert 1 == len(webhook.publisher.records)


def test_every_sentence_that_people_see_is_on_the_page() -> None:
    text = PAGE.read_text()
    answers = [SLACK.refused(Problem(status, "…")) for status in (400, 413, 429, 500, 503)]

    assert [] == [said for answer in answers if (said := orjson.loads(answer.body)["text"]) not in text]


def test_types_attributes_metrics_and_members_are_named() -> None:
    text = PAGE.read_text()
    families = [*metrics.NOT_ALLOWED.collect(), *metrics.SOCKET.collect()]
    names = [SLASH, PRESSED, ADDRESS, EXTENSION, *(family.name for family in families)]
    members = ["command", "text", "channel", "user", "team", "kind", "block", "state"]

    assert [] == [name for name in (*names, *(f"`{member}`" for member in members)) if name not in text]


def test_the_keys_of_the_example_are_those_that_the_endpoint_needs() -> None:
    assert {f"{name}_key_file" for name in slack.KEYS} == {key for key in EXAMPLE["slack"] if key.endswith("_file")}
    assert not re.search(r"xapp-\d", PAGE.read_text())
