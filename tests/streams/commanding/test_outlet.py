"""What is no command, and what was given up, is told to the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.cloudevents import kafka
from schemas.config import SinkConfig
from schemas.errors import Retry
from streams.commanding.outlet import Strangers
from streams.transport import Record
from tests.streams.commanding.test_call import event

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing


def letter(headers: Any, value: bytes | None) -> Outgoing:
    publisher: Any = None
    outlet = Strangers(SinkConfig(name="commands", type="commands"), publisher, "p")
    record = Record("p.commands", 0, 7, 0, None, value, headers)
    return outlet.letter(record, Retry("it did not end"), attempts=6, raw=False)


@pytest.mark.parametrize(("whole", "step"), [(True, "failed"), (False, "disbelieved")])
def test_a_command_that_was_given_up_has_failed_and_what_is_none_was_nobody_s(*, whole: bool, step: str) -> None:
    message = kafka.to_binary(event())
    told = letter(message.headers if whole else (), message.value)
    assert ("p.audit", f"com.reflexarc.command.{step}".encode()) == (told.topic, dict(told.headers)["ce_type"])
    assert b"it did not end" in (told.value or b"")
    assert b"poweron" not in (told.value or b"")
