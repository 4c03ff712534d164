from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bench.arrivals import Arrivals

if TYPE_CHECKING:
    from pathlib import Path


def line(text: str, at: float) -> bytes:
    entry = {"subject": "GeneralUserEvent", "data": orjson.dumps({"Message": text}).decode(), "at": at}
    return orjson.dumps(entry) + b"\n"


def test_a_line_that_is_still_being_written_is_read_at_the_next_look(tmp_path: Path) -> None:
    journal = tmp_path / "receiver.jsonl"
    whole = line("second", 2.0)
    journal.write_bytes(line("first", 1.0) + whole[:10])
    arrivals = Arrivals(journal)
    assert [("first", 1.0)] == arrivals.wait(["first"], within=5)
    with journal.open("ab") as file:
        file.write(whole[10:])
    assert [("first", 1.0), ("second", 2.0)] == arrivals.wait(["second"], within=5)
