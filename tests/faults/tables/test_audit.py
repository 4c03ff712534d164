from __future__ import annotations

from typing import Any

from tests.faults.tables.audit import Against, undone
from tests.faults.tables.state import State, model
from tests.faults.tally import Sent


def applied(*lines: tuple[int, float], changed: bool = True) -> list[dict[str, Any]]:
    return [{"seq": seq, "at": at, "changed": changed} for seq, at in lines]


def test_an_event_that_comes_again_changes_nothing() -> None:
    state = State().after(3).after(5)
    assert state == state.after(5) == state.after(3)


def test_a_state_tells_which_of_its_events_was_left_out() -> None:
    states = {State().after(1).after(2).after(4), State().after(1).after(3).after(4), State().after(1).after(4)}
    assert 3 == len(states)


def test_the_model_applies_the_events_of_each_key_in_their_order() -> None:
    sent = {seq: Sent(key, 0, seq, 0.0) for seq, key in ((4, "a"), (1, "b"), (2, "a"))}
    assert {"a": State().after(2).after(4), "b": State().after(1)} == model(sent)


def test_keys_that_are_missing_are_lost_and_those_that_differ_are_wrong() -> None:
    wanted = {"a": State(1, 1, 1), "b": State(2, 1, 2), "c": State(3, 1, 3)}
    assert Against(lost=1, wrong=2) == Against.of(wanted, {"a": State(1, 1, 1), "b": State(), "d": State()})


def test_a_change_that_was_made_again_was_undone_by_the_fault_behind_its_first_time() -> None:
    assert [2, 0, 1] == undone(applied((0, 1.0), (1, 1.5), (2, 3.0), (1, 4.0), (0, 9.0), (3, 8.0), (3, 9.5)), [2, 6, 9])


def test_what_changes_nothing_was_not_undone() -> None:
    assert [0] == undone(applied((0, 1.0)) + applied((0, 3.0), changed=False), [2])


def test_a_change_made_again_behind_the_last_fault_is_none_of_its_doing() -> None:
    assert [0] == undone(applied((0, 3.0), (0, 4.0)), [2])
