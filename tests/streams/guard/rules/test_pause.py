from __future__ import annotations

from schemas.control import UNREADABLE
from streams.guard.rules import pause
from tests.streams.guard.asking import PAUSE, question


def test_nothing_passes_while_remediation_is_paused() -> None:
    reason = pause.check(question(paused=PAUSE))
    assert "paused since 2026-05-28T00:00:00Z by cli/eve: a fire drill; `reflexarc remediation resume`" in (
        reason or ""
    )


def test_a_switch_that_cannot_be_read_is_pressed() -> None:
    assert "cannot be read" in (pause.check(question(paused=UNREADABLE)) or "")


def test_what_nobody_has_paused_passes() -> None:
    assert pause.check(question()) is None
