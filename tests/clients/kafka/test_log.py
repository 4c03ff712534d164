from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from clients.kafka.log import LOGGER, Repeats, concise

if TYPE_CHECKING:
    import pytest

LINE = "host:9092/bootstrap: Connection refused"


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("librdkafka", logging.ERROR, "", 0, text, (), None)


def test_a_line_that_differs_in_its_timing_only_is_a_repetition() -> None:
    repeats = Repeats()
    passed = [
        repeats.filter(record(f"{LINE} (after 0ms in state CONNECT)")),
        repeats.filter(record(f"{LINE} (after 17ms in state CONNECT, 5 identical error(s) suppressed)")),
    ]
    assert [True, False] == passed


def test_another_line_passes() -> None:
    repeats = Repeats()
    assert [True, True] == [repeats.filter(record(LINE)), repeats.filter(record(f"other {LINE}"))]


def test_a_line_passes_again_after_the_interval() -> None:
    repeats = Repeats(interval=0.0)
    assert [True, True] == [repeats.filter(record(LINE)), repeats.filter(record(LINE))]


def test_ever_new_lines_do_not_fill_the_memory() -> None:
    repeats = Repeats()
    for number in range(10_000):
        repeats.filter(record(f"{LINE} {number}"))
    assert len(repeats._said) <= 256


def test_an_option_meant_for_the_other_kind_of_client_is_no_news() -> None:
    line = "Configuration property linger.ms is a producer property and will be ignored by this consumer instance"
    assert not Repeats().filter(record(line))


def test_the_logger_of_librdkafka_drops_repetitions(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        LOGGER.error("%s of this test", LINE)
    assert [f"{LINE} of this test"] == caplog.messages


def test_concise_leaves_everything_else_alone() -> None:
    assert "Failed (badly): (after lunch)" == concise("Failed (badly): (after lunch)")


def test_what_is_tried_again_anyhow_is_told_by_services_only() -> None:
    line = "GETPID: Failed to acquire transactional PID: Broker: Coordinator load in progress: retrying"
    warning = logging.LogRecord("librdkafka", logging.WARNING, "", 0, line, (), None)
    before, told = LOGGER.level, []
    for level in (logging.WARNING, logging.INFO):
        LOGGER.setLevel(level)
        told.append(Repeats().filter(warning))
    LOGGER.setLevel(before)
    assert [False, True] == told
