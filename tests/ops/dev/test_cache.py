from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ops.dev import cache

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.dev.services import Quiet


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source"
    file.write_text("one")
    return file


def test_the_same_sources_have_the_same_folder(tmp_path: Path, source: Path) -> None:
    assert cache.target(tmp_path, "it", [source]) == cache.target(tmp_path, "it", [source])


def test_other_sources_have_another_folder(tmp_path: Path, source: Path) -> None:
    before = cache.target(tmp_path, "it", [source])
    source.write_text("two")

    assert before != cache.target(tmp_path, "it", [source])


def test_a_folder_is_made_once(tmp_path: Path, quiet: Quiet) -> None:
    made: list[Path] = []
    for _ in range(2):
        cache.ensure(tmp_path / "it", made.append, quiet)

    assert 1 == len(made)


def test_a_folder_holds_what_was_made(tmp_path: Path, quiet: Quiet) -> None:
    def make(folder: Path) -> None:
        (folder / "file").write_text("text")

    cache.ensure(tmp_path / "it", make, quiet)

    assert "text" == (tmp_path / "it" / "file").read_text()


def test_half_made_things_are_never_kept(tmp_path: Path, quiet: Quiet) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very error that was raised above
        cache.ensure(tmp_path / "it", fail, quiet)

    assert [] == [path for path in tmp_path.iterdir() if path.name != ".it"]


def test_two_at_once_make_it_once(tmp_path: Path, quiet: Quiet) -> None:
    made: list[Path] = []
    with ThreadPoolExecutor() as pool:
        for future in [pool.submit(cache.ensure, tmp_path / "it", made.append, quiet) for _ in range(8)]:
            future.result()

    assert 1 == len(made)
