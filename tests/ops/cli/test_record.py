from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

CONFIGURATION = """
kafka: {bootstrap: "127.0.0.1:1", replication: 1}
vcenters:
  vc1: {url: "https://127.0.0.1:1", username: reader, password: "${VC1_PASSWORD}"}
  tape: {url: "recorded:."}
"""


@pytest.fixture
def record(reflexarc: Callable[..., Outcome], write: Callable[[str], Path]) -> Callable[..., Outcome]:
    write(CONFIGURATION)

    def command(name: str = "vc1", *arguments: str) -> Outcome:
        return reflexarc("record", "vcenter", name, "--to", "file", *arguments)

    return command


@pytest.mark.parametrize("name", ["vc9", "tape"])
def test_only_a_configured_server_can_be_recorded(record: Callable[..., Outcome], name: str) -> None:
    outcome = record(name)
    assert (2, True) == (outcome.code, f"{name} is no configured server; known: vc1" in outcome.err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--for", "a while"], "is not a duration"),
        (["--start-from", "yesterday"], "is no starting point"),
        (["--pages", "0"], "--pages"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_written(
    record: Callable[..., Outcome], tmp_path: Path, arguments: list[str], words: str
) -> None:
    outcome = record("vc1", *arguments)
    assert (2, True) == (outcome.code, words in outcome.err)
    assert not (tmp_path / "file").exists()


def test_a_vcenter_that_is_away_is_told_at_once_and_leaves_no_file(
    record: Callable[..., Outcome], tmp_path: Path
) -> None:
    assert Unreachable.exit_code == record("vc1", "--for", "1h").code
    assert not (tmp_path / "file").exists()


def test_a_file_that_exists_is_not_touched(record: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    outcome = record()
    assert (Refused.exit_code, "mine") == (outcome.code, (tmp_path / "file").read_text())
    assert "exists" in outcome.err
