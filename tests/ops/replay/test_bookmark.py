from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.replay.bookmark import LARGEST, Bookmark, recall, store
from ops.replay.request import Request
from ops.replay.span import Span
from ops.replay.tally import Tally
from schemas.errors import ReflexarcError

BOOKMARK = Bookmark(
    id="20261128t120000z-abcdef",
    topic="reflexarc.events",
    cluster="c",
    routes="0123456789abcdef",
    began=datetime(2026, 11, 28, 12, tzinfo=UTC),
    request=Request(begin=datetime(2026, 11, 27, tzinfo=UTC), match=("subject=Vm*",), sinks=("a",), routes=Path("/r")),
    spans={0: Span(next=5, end=9), 3: Span(next=7, end=7)},
    tally=Tally(read=5, chosen=4, skipped={"no match": 1}, written={"a": 4}),
)

OFFSETS = st.integers(0, 2**63 - 1)


@given(st.dictionaries(st.integers(0, 2**31 - 1), st.builds(Span, next=OFFSETS, end=OFFSETS), max_size=5))
def test_what_is_stored_is_recalled(tmp_path_factory: pytest.TempPathFactory, spans: dict[int, Span]) -> None:
    path = tmp_path_factory.mktemp("kept") / "replay.json"
    bookmark = BOOKMARK.model_copy(update={"spans": spans})
    store(BOOKMARK, path)
    store(bookmark, path)
    assert bookmark == recall(path)


def test_only_this_user_can_read_it_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "replay.json"
    store(BOOKMARK, path)
    assert (0o600, [path]) == (stat.S_IMODE(path.stat().st_mode), list(tmp_path.iterdir()))


def test_what_is_left_is_counted_over_the_partitions() -> None:
    assert 4 == BOOKMARK.left


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not what a replay keeps"),
        (b"{}", "is not what a replay keeps, see id"),
        (BOOKMARK.model_dump_json().replace('"format":1', '"format":2').encode(), "see format"),
        (BOOKMARK.model_dump_json().replace('"next":5', '"next":-5').encode(), "see spans"),
        (BOOKMARK.model_dump_json().encode() + b" " * LARGEST, "is not what a replay keeps"),
    ],
)
def test_another_file_is_refused_with_its_name(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ReflexarcError, match=complaint) as caught:
        recall(path)
    assert caught.value.message.startswith(f"{path}: ")


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "replay.json"
    with pytest.raises(ReflexarcError, match="cannot be read: no such file"):
        recall(path)
    with pytest.raises(ReflexarcError, match=r"cannot be written: no such file .*run it in a folder of yours"):
        store(BOOKMARK, path)


def test_what_takes_the_place_of_the_old_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that fails leaves the old file or the new one, not an empty one."""
    path, synced = tmp_path / "replay.json", []

    def note(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), os.fstat(descriptor).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", note)
    store(BOOKMARK, path)
    assert [(path.with_name("replay.json.new"), path.stat().st_size, False)] == synced
