from __future__ import annotations

from typing import TYPE_CHECKING

from streams.guard import Ledger, ledger
from streams.guard.rules import memory
from tests.streams.guard.asking import question
from tests.streams.guard.decided import approved, refused

if TYPE_CHECKING:
    import pytest


def test_what_cannot_be_remembered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 2)
    full = Ledger([approved(1), approved(2)])
    assert "remembered already" in (memory.check(question(ledger=full)) or "")


def test_refusals_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 2)
    assert memory.check(question(ledger=Ledger([approved(1), refused(2), refused(3)]))) is None
