from __future__ import annotations

from sinks.vsphere.machine.reservations import LONGEST, Place, Reservations

A, B, NOBODY = Place("vc1", "vm-1"), Place("vc1", "vm-2"), Place("vc1", "vm-9")
STORE, SAME_ID = Place("vc1", "datastore-1"), Place("vc2", "datastore-1")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_kept_for_others_is_taken_until_they_have_moved() -> None:
    held = Reservations(Clock())
    held.hold(A, STORE, 10)
    held.hold(B, STORE, 5)
    assert (15, 5, 0) == (
        held.taken(STORE, by_others_than=NOBODY),
        held.taken(STORE, by_others_than=A),
        held.taken(SAME_ID, by_others_than=NOBODY),
    )
    held.release(A)
    held.release(A)
    assert 5 == held.taken(STORE, by_others_than=NOBODY)


def test_a_machine_moves_to_one_place_at_a_time() -> None:
    held = Reservations(Clock())
    held.hold(A, STORE, 10)
    held.hold(A, SAME_ID, 10)
    assert (0, 10) == (held.taken(STORE, by_others_than=NOBODY), held.taken(SAME_ID, by_others_than=NOBODY))


def test_a_move_that_nobody_has_seen_the_end_of_does_not_count_for_ever() -> None:
    clock = Clock()
    held = Reservations(clock)
    held.hold(A, STORE, 10)
    clock.now = LONGEST
    assert 0 == held.taken(STORE, by_others_than=NOBODY)
