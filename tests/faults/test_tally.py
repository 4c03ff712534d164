from __future__ import annotations

from tests.faults.tally import Delivery, Sent, in_flight, tally


def sent(*records: tuple[int, str, float], partition: int = 0) -> dict[int, Sent]:
    return {seq: Sent(key, partition, seq, at) for seq, key, at in records}


def delivered(*lines: tuple[int, str, float], worker: str = "w1", partition: int = 0) -> list[Delivery]:
    return [Delivery(seq, key, partition, worker, at) for seq, key, at in lines]


def test_what_nobody_delivered_is_lost() -> None:
    found = tally(sent((0, "a", 0.0), (1, "a", 0.0)), (), delivered((0, "a", 1.0)))
    assert (2, 1, 0) == (found.sent, found.lost, found.duplicates)


def test_a_second_delivery_is_a_duplicate_and_out_of_no_order() -> None:
    lines = delivered((0, "a", 1.0), (1, "a", 2.0), (0, "a", 3.0), (1, "a", 4.0))
    found = tally(sent((0, "a", 0.0), (1, "a", 0.0)), (), lines)
    assert (0, 2, 0) == (found.lost, found.duplicates, found.out_of_order)


def test_a_first_delivery_after_a_later_one_of_its_key_is_out_of_order() -> None:
    records = sent((0, "a", 0.0), (1, "b", 0.0), (2, "a", 0.0), (3, "a", 0.0))
    found = tally(records, (), delivered((2, "a", 1.0), (1, "b", 2.0), (0, "a", 3.0), (3, "a", 4.0)))
    assert 1 == found.out_of_order


def test_an_aborted_record_is_seen_and_neither_sent_nor_a_duplicate() -> None:
    found = tally(sent((0, "a", 0.0)), {1}, delivered((0, "a", 1.0), (1, "b", 2.0)))
    assert (1, 0, 1) == (found.sent, found.duplicates, found.aborted_seen)


def test_every_change_of_the_delivering_worker_is_a_handover() -> None:
    records = sent(*((seq, "a", 0.0) for seq in range(4)))
    lines = [
        *delivered((0, "a", 1.0)),
        *delivered((1, "a", 2.0), worker="w2"),
        *delivered((2, "a", 3.0)),
        *delivered((3, "a", 3.0), worker="w2", partition=1),
    ]
    assert 2 == tally(records, (), lines).handovers


def test_silence_is_the_longest_time_between_deliveries_while_something_waited() -> None:
    records = sent((0, "a", 0.0), (1, "a", 9.0), (2, "a", 9.0))
    found = tally(records, (), delivered((0, "a", 1.0), (1, "a", 10.0), (2, "a", 15.0)))
    assert 5.0 == found.silence


def test_a_repetition_does_not_end_a_silence() -> None:
    records = sent((0, "a", 0.0), (1, "a", 0.0))
    found = tally(records, (), delivered((0, "a", 1.0), (0, "a", 4.0), (1, "a", 8.0)))
    assert 7.0 == found.silence


def test_each_partition_has_its_own_silence() -> None:
    records = sent((0, "a", 0.0), (2, "a", 0.0)) | sent((1, "b", 0.0), (3, "b", 0.0), partition=1)
    lines = [*delivered((0, "a", 1.0), (2, "a", 2.0)), *delivered((1, "b", 1.0), (3, "b", 4.0), partition=1)]
    assert 3.0 == tally(records, (), lines).silence


def test_in_flight_is_what_was_sent_before_and_delivered_after() -> None:
    records = sent((0, "a", 0.0), (1, "a", 1.0), (2, "a", 1.0), (3, "a", 3.0))
    assert 2 == in_flight(records, delivered((0, "a", 1.0), (1, "a", 2.5)), 2.0)


def test_nothing_sent_is_nothing_lost() -> None:
    assert 0 == tally({}, (), []).lost
