"""Who has asked for an action in person."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.commands.errand import SAID, Errand

COMMAND = {"id": "0123456789abcdef", "source": "/p.operator", "event": "e1"}


def test_a_command_from_a_command_line_has_no_address() -> None:
    """Who came another way than by Slack waits nowhere."""
    errand = Errand(**COMMAND, verb="poweron", said="poweron web-01", person="anna")

    assert ("", "", "", "", False) == (errand.team, errand.user, errand.address, errand.replies, errand.dry_run)


def test_a_command_is_bounded() -> None:
    """What was typed is cut by whoever makes the errand."""
    with pytest.raises(ValidationError, match="said"):
        Errand(**COMMAND, verb="poweron", said="x" * (SAID + 1), person="anna")
