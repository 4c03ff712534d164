"""``reflexarc vm`` before it asks anybody; what it hears is tested end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.commands.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.commands.verbs import Verb
    from tests.ops.cli.conftest import Outcome

CONFIGURATION = """
kafka: {bootstrap: "127.0.0.1:1", replication: 1}
vcenters:
  vc1: {url: "https://vc1.example.org", username: reader, password: "${VC1_PASSWORD}"}
remediation: {answer_key_file: answer.key}
routes: []
sinks: {}
"""
ANNA = "commands: {people: {anna: {cli: [anna]}}}\n"


@pytest.fixture
def unsigned(write: Callable[[str], Path], tmp_path: Path) -> Path:
    """A configuration of commands without a key for the command line."""
    (tmp_path / "answer.key").write_text("a" * 44)
    return write(CONFIGURATION + ANNA)


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_every_verb_is_a_command_that_says_how_it_is_written(
    verb: Verb, reflexarc: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = reflexarc("vm", verb.name, "--help").out
    assert [] == [form.shown for form in verb.forms if form.shown not in shown]
    assert (verb.what == "action") == ("--dry-run" in shown)


@pytest.mark.usefixtures("unsigned")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("poweron",), "Write `poweron <vm>`."),
        (("transform", "web01", "8192"), "both are said"),
        (("nuke", "web01", "web02"), "The two names are not the same"),
        (("approve", "yes"), "'yes' is no id"),
        (("echo", "--dry-run"), "No such option: --dry-run"),
        (("PowerOn", "web01"), "Did you mean 'poweron'?"),
    ],
)
def test_wrong_use_is_told_at_once(words: tuple[str, ...], why: str, reflexarc: Callable[..., Outcome]) -> None:
    outcome = reflexarc("vm", *words)
    assert (2, "") == (outcome.code, outcome.out)
    assert why in outcome.err


@pytest.mark.usefixtures("unsigned")
def test_without_a_key_the_file_is_named_and_how_it_is_written(reflexarc: Callable[..., Outcome]) -> None:
    outcome = reflexarc("vm", "poweron", "web01")
    (line,) = outcome.err.splitlines()
    assert (4, True, True) == (outcome.code, "commands.key_file" in line, "openssl rand -base64 32" in line)


def test_where_nobody_may_ask_it_says_so(write: Callable[[str], Path], reflexarc: Callable[..., Outcome]) -> None:
    write("kafka: {bootstrap: '127.0.0.1:1', replication: 1}\nroutes: []\nsinks: {}\n")
    outcome = reflexarc("vm", "poweron", "web01")
    assert (4, True) == (outcome.code, "commands is not configured" in outcome.err)
