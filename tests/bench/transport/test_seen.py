from __future__ import annotations

from typing import TYPE_CHECKING

from bench.transport.seen import STAMP, Seen, stamp

if TYPE_CHECKING:
    from pathlib import Path


def test_a_count_is_seen_by_another_opener_of_the_file(tmp_path: Path) -> None:
    writer, reader = Seen(tmp_path / "seen"), Seen(tmp_path / "seen")
    writer.add(3)
    writer.add(4)
    assert 7 == reader.count


def test_the_lateness_of_stamped_records_is_kept_in_their_order(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen")
    for sent in (b"0", stamp()):
        seen.stamped([("ce_id", b"1"), (STAMP, sent)])
    old, new = seen.lateness(0, seen.count)
    assert old > new >= 0
    assert [new] == seen.lateness(1, 2)
