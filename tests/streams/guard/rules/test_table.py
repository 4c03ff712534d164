from __future__ import annotations

from streams.guard.rules import table
from tests.streams.guard.asking import NOW, PAUSE, entity, question, request


def test_the_first_no_counts() -> None:
    asked = request(on=entity(template=True), caused={"time": NOW - 9999})
    assert ["pause", "age"] == [
        getattr(table.refusal(question(asked, paused=paused, allow=())), "rule", None) for paused in (PAUSE, None)
    ]


def test_what_cannot_have_changed_is_not_asked_again() -> None:
    asked = question(request(caused={"time": NOW - 9999, "replayed": True}))
    assert "replay" == getattr(table.refusal(asked), "rule", None)
    assert table.refusal(asked, again=True) is None


def test_these_are_asked_again_when_a_person_has_approved() -> None:
    again = {"sink", "pause", "kind", "built-in-deny", "deny", "allow", "window", "cool-down", "circuit"}
    assert again | {"maintenance", "blast-radius"} == {rule.name for rule in table.RULES if rule.again}
