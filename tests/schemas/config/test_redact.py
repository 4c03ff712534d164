from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import Redactor, Secret
from schemas.config.redact import MASK

if TYPE_CHECKING:
    from pathlib import Path


def known(value: str) -> str:
    return Secret.from_env("A", {"A": value}).reveal()


def test_text_without_secrets_passes() -> None:
    assert "nothing here" == Redactor().redact("nothing here")


def test_a_secret_is_blanked_once_it_was_revealed() -> None:
    value = known("swordfish-1")
    assert f"login {MASK}, again {MASK}" == Redactor().redact(f"login {value}, again {value}")


def test_a_secret_of_a_file_is_blanked_after_rotation_too(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    secret = Secret.from_file(file)
    for value in ("swordfish-2", "swordfish-3"):
        file.write_text(value)
        secret.reveal()
    assert f"{MASK} {MASK}" == Redactor().redact("swordfish-2 swordfish-3")


def test_of_a_secret_that_changes_on_and_on_the_last_two_are_blanked(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    secret = Secret.from_file(file)
    for value in ("oyster-1", "oyster-2", "oyster-1", "oyster-3"):
        file.write_text(value)
        secret.reveal()
    assert f"{MASK} oyster-2 {MASK}" == Redactor().redact("oyster-1 oyster-2 oyster-3")


def test_a_value_is_blanked_as_long_as_anybody_has_it(tmp_path: Path) -> None:
    known("lobster-0")
    file = tmp_path / "secret"
    for number in range(3):
        file.write_text(f"lobster-{number}")
        Secret.from_file(file).reveal()
    assert MASK == Redactor().redact("lobster-0")


@pytest.mark.parametrize(
    "written", [quote("p&<w>/'\"d 1", safe=""), json.dumps("p&<w>/'\"d 1")[1:-1], "p&amp;&lt;w&gt;/'\"d 1"]
)
def test_a_secret_is_blanked_in_the_spelling_of_a_url_of_json_and_of_xml(written: str) -> None:
    known("p&<w>/'\"d 1")
    assert f"<{MASK}>" == Redactor().redact(f"<{written}>")


def test_a_longer_secret_leaves_no_end_of_it_behind() -> None:
    known("swordfish-4")
    known("swordfish-4-and-more")
    assert MASK == Redactor().redact("swordfish-4-and-more")


def test_a_secret_of_three_characters_is_left_alone() -> None:
    known("the")
    assert "the sink" == Redactor().redact("the sink")


@given(st.text(min_size=4).filter(lambda value: value not in MASK), st.text())
def test_no_secret_survives_in_any_text(value: str, around: str) -> None:
    known(value)
    assert all(value not in rest for rest in Redactor().redact(f"{around}{value}{around}").split(MASK))


def test_a_log_record_loses_secrets_in_arguments_traceback_and_stack() -> None:
    value = known("swordfish-5")
    try:
        int(value)
    except ValueError as error:
        failure = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("a", logging.ERROR, "f", 1, "bad %s", (value,), failure)
    record.stack_info = f"stack {value}"
    assert Redactor().filter(record)
    assert f"bad {MASK}" == record.getMessage()
    assert "swordfish-5" not in logging.Formatter().format(record)
