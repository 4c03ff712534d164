from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.transport import metadata
from streams.transport.ledger import Run


@st.composite
def standings(draw: st.DrawFn) -> tuple[int, list[Run]]:
    position = draw(st.integers(0, 2**60))
    runs, end = [], position
    for gap, more in draw(st.lists(st.tuples(st.integers(1, 2**20), st.integers(0, 2**20)), max_size=40)):
        runs.append(Run(end + gap, end + gap + more))
        end = runs[-1].last
    return position, runs


@given(standings(), st.text(max_size=100))
def test_what_was_written_is_read(standing: tuple[int, list[Run]], state: str) -> None:
    position, runs = standing
    assert (runs, state) == metadata.decode(position, metadata.encode(position, runs, state))


@given(standings(), st.text(max_size=30), st.integers(200, 400))
def test_what_does_not_fit_is_left_out_from_the_end(standing: tuple[int, list[Run]], state: str, limit: int) -> None:
    position, runs = standing
    written = metadata.encode(position, runs, state, limit=limit)
    read, kept = metadata.decode(position, written)
    assert len(written.encode()) <= limit
    assert (runs[: len(read)], state) == (read, kept)


def test_nothing_to_say_is_nothing() -> None:
    assert "" == metadata.encode(7, [])


def test_the_form_is_what_other_versions_were_promised() -> None:
    assert "1:5+0,1e+f,:state: with a colon" == metadata.encode(10, [Run(15, 15), Run(45, 60)], "state: with a colon")


@given(st.text(max_size=60))
def test_foreign_words_are_ignored(text: str) -> None:
    runs, state = metadata.decode(10, text)
    assert text.startswith("1:") or ([], "") == (runs, state)


def test_broken_runs_are_ignored() -> None:
    assert ([], "") == metadata.decode(10, "1:zz+1,:x")
    assert ([], "") == metadata.decode(10, None)
