from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from sinks.rabbitmq.config import RabbitMqConfig
from tests.sinks.bench import SECRET

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"url": f"amqps://u:{SECRET}@host/"}, "holds credentials"),
        ({"url": "http://host/"}, "is not an amqp or amqps URL"),
        ({"url": "amqps://"}, "is not an amqp or amqps URL"),
        ({"url": "amqps://host:99999/"}, "is not an amqp or amqps URL"),
        ({"url": 5672}, "is not an amqp or amqps URL"),
        ({"url": "amqps://host/?heartbeat=1"}, "has a query"),
        ({"url": "amqp://host.example/"}, "unencrypted"),
        ({"queue": None}, "must be given, or exchange"),
        ({"exchange": "e"}, "must be given, or exchange"),
        ({"queue": "a|b"}, "has a character"),
        ({"queue": None, "exchange": "é{subject}"}, "has a character"),
        ({"queue": None, "exchange": "e" * 128}, "longer than 127"),
        ({"queue": None, "exchange": "e", "declare": True}, "does not say what to create"),
        ({"queue": None, "exchange": "e", "declare": {}}, "does not say what to create"),
        ({"queue": None, "exchange": "e", "declare": {"exchange": "topic", "bindings": ["#"]}}, "names none"),
        ({"queue": None, "exchange": "{vcenter}", "declare": {"queue": "q"}}, "depends on the event"),
        ({"declare": {"exchange": "topic"}}, "more than a message to a queue needs"),
        ({"body": "data"}, "cannot be the data alone.*write cloudevent"),
        ({"routing_key": "{subject}"}, "no effect with a queue"),
        ({"queue": None, "exchange": "e", "routing_key": "{Id}"}, "unknown field"),
        ({"queue": None, "exchange": "e", "routing_key": "{subject!r}"}, "unknown field"),
        ({"queue": None, "exchange": "e", "routing_key": "{"}, "braces that do not match"),
        ({"insecure": True, "ca_file": "secret"}, "no effect with insecure"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)
    right = {"name": "s", "url": "amqps://host.example/", "username": "u", "password_file": "secret", "queue": "q"}

    with pytest.raises(ValidationError, match=what) as caught:
        RabbitMqConfig.model_validate({key: value for key, value in {**right, **fields}.items() if value is not None})

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("declare", "expected"),
    [(None, None), (False, None), (True, "classic"), ({}, "quorum"), ({"queue_type": "classic"}, "classic")],
)
def test_true_declares_the_queue_that_it_always_did(declare: object, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    given = {"name": "s", "url": "amqps://host.example/", "username": "u", "queue": "q", "declare": declare}

    config = RabbitMqConfig.model_validate({**given, "password_file": str(tmp_path / "secret")})

    assert expected == (config.declare and config.declare.queue_type)
