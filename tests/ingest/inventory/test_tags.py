from __future__ import annotations

from ingest.inventory import tags
from ingest.inventory.tags import AGAIN


def learned(present: list[str], known: dict[str, str], names: dict[str, str]) -> list[str]:
    """What is asked for, in order."""
    asked: list[str] = []

    def ask(each: str) -> str | None:
        asked.append(each)
        return names.get(each)

    tags._learn(present, known, ask)
    return asked


def test_what_is_new_is_asked_for_and_what_is_gone_forgotten() -> None:
    known = {"gone": "old"}
    assert ["a", "b"] == learned(["a", "b"], known, {"a": "A", "b": "B"})
    assert {"a": "A", "b": "B"} == known


def test_one_that_vanishes_while_it_is_asked_for_is_not_known() -> None:
    known = {"a": "A"}
    learned(["a", "b"], known, {"b": "B"})
    assert {"b": "B"} == known


def test_names_are_asked_for_again_in_turn_so_that_each_rename_is_seen() -> None:
    present = [f"t{number}" for number in range(2 * AGAIN + 10)]
    known = dict.fromkeys(present, "old")
    names = dict.fromkeys(present, "new")
    asked = [learned(present, known, names) for _ in range(3)]
    assert [AGAIN, AGAIN, AGAIN] == [len(each) for each in asked]
    assert names == known
