"""The keys that roles sign for each other with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.config import Secret
from schemas.errors import Refused
from streams.roles.ring import Ring
from streams.transport.health import Health

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (path := tmp_path / "answer.key").write_text("a" * 32)
    return path


def lines(ring: Ring) -> list[bytes]:
    """The secrets of the keys."""
    return [key.line for key in ring()]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sinks.fresh.FRESH", 0.0)


def test_a_key_that_is_changed_counts_from_then_on(file: Path) -> None:
    ring = Ring(Secret.from_file(file), Health())
    file.write_text("b" * 32 + "\n" + "a" * 32)
    assert [b"b" * 32, b"a" * 32] == lines(ring)


def test_while_the_file_is_being_replaced_the_keys_of_before_count(file: Path) -> None:
    """And no role ends for it."""
    health = Health()
    ring = Ring(Secret.from_file(file), health)
    file.write_text("")
    assert ([b"a" * 32], 1) == (lines(ring), len(health.problems()))
    file.write_text("b" * 32)
    assert ([b"b" * 32], []) == (lines(ring), health.problems())


def test_without_a_file_there_is_no_key() -> None:
    assert () == Ring(None, Health())()


def test_one_that_cannot_be_read_at_the_beginning_is_told(file: Path) -> None:
    file.write_text("short")
    with pytest.raises(Refused):
        Ring(Secret.from_file(file), Health())
