"""Read back by the rules of the format, not by ours."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ops.trail.cef import line
from tests.streams.trail.entries import other, step

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200)


def parsed(text: str) -> tuple[list[str], dict[str, str]]:
    """Header fields and extension of a line."""
    *header, extension = re.split(r"(?<!\\)(?:\\\\)*\|", text, maxsplit=7)
    found = {}
    keys = list(re.finditer(r"(?:^| )([A-Za-z0-9]+)=", extension))
    keys = [key for key in keys if not extension[: key.end() - 1].endswith("\\")]
    for key, after in zip(keys, [*(each.start() for each in keys[1:]), len(extension)], strict=True):
        value = extension[key.end() : after]
        found[key[1]] = re.sub(r"\\([\\=nr])", lambda each: {"n": "\n", "r": "\r"}.get(each[1], each[1]), value)
    return header, found


def test_a_step_is_one_line_of_the_format() -> None:
    """Who, what, on what, how it ended, and how serious that is."""
    entry = step("failed", reason="no = such | disk", task="task-7", configuration="abc")
    header, found = parsed(line(entry))
    assert [
        "CEF:0",
        "reflexarc",
        "reflexarc",
        "com.reflexarc.remediation.failed",
        "remediation failed: power-on",
        "8",
    ] == [
        *header[:3],
        *header[4:],
    ]
    assert {
        "rt": "1780000000000",
        "cat": "audit",
        "externalId": entry.action_id,
        "suser": "sink/act",
        "act": "power-on",
        "outcome": "failure",
        "msg": "no = such | disk",
        "cs1Label": "entity",
        "cs1": "web-1 vc1/vm-1",
        "cs2Label": "eventId",
        "cs2": entry.id,
        "cs3Label": "sink",
        "cs3": "act",
        "cs4Label": "requester",
        "cs4": "sink/act",
        "cs5Label": "configuration",
        "cs5": "abc",
        "cs6Label": "task",
        "cs6": "task-7",
    } == found


@given(TEXT)
def test_no_text_breaks_out_of_its_value(text: str) -> None:
    """A reason from outside can neither end the line nor begin another key."""
    _, found = parsed(line(other(reason=text, rule="x")))
    assert text == found.get("msg", "")
    assert {"rt", "cat", "suser", "act", "cs1Label", "cs1", "cs2Label", "cs2"} == found.keys() - {"msg"}
    assert not {"\n", "\r"} & set(line(other(reason=text)))


def test_a_header_keeps_its_fields_apart() -> None:
    r"""``|`` and ``\`` in a type are escaped, and one of several lines becomes one."""
    shown = line(other(kind="a|b\\c"))
    assert r"|com.reflexarc.a\|b\\c|a\|b\\c|2|" in shown
