from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from ops.cli.output import emit, fail, listing
from schemas.config import Secret


def test_data_is_printed_as_json_or_as_the_table_made_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"a": 1}, json=True, table=lambda: "a is one")
    emit({"a": 1}, json=False, table=lambda: "a is one")
    assert '{\n  "a": 1\n}\na is one\n' == capsys.readouterr().out


def test_json_takes_times_paths_and_secrets_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    emit([datetime(2026, 1, 31, tzinfo=UTC), Path("/a"), Secret.from_env("A", {})], json=True, table=str)
    assert ["2026-01-31T00:00:00+00:00", "/a", "**********"] == json.loads(capsys.readouterr().out)


def test_a_listing_keeps_a_row_on_one_line_when_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    emit(None, json=False, table=lambda: listing("Things", ("name", "value"), [("a", "x" * 300), ("b", 5)]))
    assert 4 == len(capsys.readouterr().out.splitlines())


def test_a_failure_is_one_line_and_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        fail("nothing\nthere", cure="put something there", code=3)
    assert 3 == caught.value.exit_code
    assert "reflexarc: nothing there — put something there\n" == capsys.readouterr().err
