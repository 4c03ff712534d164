from __future__ import annotations

import json
import logging
import re
import warnings
from typing import TYPE_CHECKING

import pytest

from ops.cli import logs
from schemas.config import Secret

if TYPE_CHECKING:
    from ops.cli.context import LogFormat

log = logging.getLogger("reflexarc.test")

FORMATS: list[LogFormat] = ["text", "json"]


def fail() -> None:
    try:
        raise_with_two_lines()
    except ValueError:
        log.exception("it %s", "broke")


def raise_with_two_lines() -> None:
    raise ValueError("s3cr3t-0f\ntw0-lines")


def test_text_is_time_level_logger_message(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install("text", level=logging.INFO)
    log.info("hello %s", "world")
    line = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO reflexarc.test: hello world\n", line)


def test_json_is_time_level_logger_message_and_extras(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install("json", level=logging.INFO)
    log.info("hello %s", "world", extra={"sink": "functions", "path": logs})
    record = json.loads(capsys.readouterr().err)
    assert ("INFO", "reflexarc.test", "hello world", "functions") == (
        record["level"],
        record["logger"],
        record["message"],
        record["sink"],
    )
    assert {"time", "level", "logger", "message", "sink", "path"} == set(record)


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_record_with_line_breaks_and_a_traceback_is_one_line(
    log_format: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.install(log_format, level=logging.INFO)
    log.warning("a\nb\r\nc\u2028d", stack_info=True)
    fail()
    err = capsys.readouterr().err
    assert 2 == err.count("\n")
    assert "ValueError: s3cr3t" in err


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_secret_is_blanked_in_message_extra_and_traceback(
    log_format: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    value = Secret.from_env("P", {"P": "s3cr3t-0f\ntw0-lines"}).reveal()
    logs.install(log_format, level=logging.INFO)
    log.info("login %s", value, extra={"header": value})
    fail()
    err = capsys.readouterr().err
    assert "s3cr3t" not in err
    assert "login **********" in err


def test_records_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install("text", level=logging.WARNING)
    log.info("hello")
    assert "" == capsys.readouterr().err


def test_warnings_of_python_are_records(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install("text", level=logging.INFO)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    logging.captureWarnings(capture=False)
    assert "WARNING py.warnings:" in capsys.readouterr().err


def test_a_second_installation_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install("text", level=logging.INFO)
    logs.install("json", level=logging.INFO)
    log.info("hello")
    assert "hello" == json.loads(capsys.readouterr().err)["message"]
