from __future__ import annotations

import sys

import pytest

from ops.dev import tool
from ops.dev.service import Unobtainable


def python(program: str, limit: float = 60) -> None:
    tool.run([sys.executable, "-c", program], limit=limit)


def test_a_missing_tool_is_named() -> None:
    with pytest.raises(Unobtainable, match=r"^no reflexarc-x and no reflexarc-y on this machine$"):
        tool.require("sh", "reflexarc-x", "reflexarc-y")


def test_tools_that_are_there_pass() -> None:
    tool.require("sh")


def test_a_failed_program_says_why() -> None:
    with pytest.raises(Unobtainable, match=r"failed: no network here$"):
        python("import sys; print('trying'); sys.exit('no network here')")


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Unobtainable, match="did not end within 0 s"):
        python("import time; time.sleep(60)", limit=0.2)


def test_a_program_that_succeeds_says_nothing() -> None:
    python("print('fine')")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", ""),
        ("one\n\n  two  \n\n", "two"),
        ("[INFO] scanning\n[ERROR] no such artifact\n[ERROR] [Help 1]\n", "[ERROR] no such artifact"),
        ("Reading lists...\nE: Unable to locate package\nmore", "E: Unable to locate package"),
        ("Exception in thread main: bad version\n\tat a.b.C\n\tat d.e.F", "Exception in thread main: bad version"),
        ("x" * 1000, "x" * 300),
    ],
    ids=["silence", "last line", "maven", "apt", "java", "endless"],
)
def test_the_verdict_is_the_line_that_tells_why(output: str, expected: str) -> None:
    assert expected == tool.verdict(output)
