"""What somebody hears of a command."""

from __future__ import annotations

import pytest

from schemas.commands.reply import LONGEST, Reply
from schemas.remediation.model import InvalidRemediation

REPLY = Reply(
    id="0123456789abcdef",
    step="succeeded",
    text="VM web-01 started successfully",
    final=True,
    team="T1",
    user="U1",
    source="/ingest/webhook/slack",
    event="1",
    at=1_700_000_000.0,
)


def test_it_comes_back_as_it_went() -> None:
    """Encoded and decoded, a reply is the same."""
    assert REPLY == Reply.decode(REPLY.encode())


@pytest.mark.parametrize(
    "changed", [{"text": ""}, {"text": "x" * (LONGEST + 1)}, {"visible": "everybody"}, {"id": "no"}]
)
def test_what_nobody_could_be_told_is_no_reply(changed: dict[str, str]) -> None:
    """A text must be there and be no longer than a section of a message."""
    value = REPLY.model_copy(update=changed).encode()

    with pytest.raises(InvalidRemediation):
        Reply.decode(value)
