"""The documents of the project, and what stands in them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
NOT_OURS: Final = {".git", ".venv", ".reflexarc", ".hypothesis", "build", "dist"}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`(reflexarc [^`]+)`")
_HEREDOC = re.compile(r"<<'(\w+)'.*?^\1$", re.MULTILINE | re.DOTALL)
_ENDS = re.compile(r"^(\||\|\||&&|;|&|>|>>|2>|\d?>&\d)$")


class Block(NamedTuple):
    """One code block of a page."""

    page: Path
    language: str
    text: str


def name(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", page.read_text())


def blocks(language: str, *pages: Path) -> list[Block]:
    """Every code block in a language."""
    return [
        Block(page, language, text)
        for page in pages or PAGES
        for found, text in _FENCE.findall(page.read_text())
        if found == language
    ]


def links(page: Path) -> list[str]:
    """Every link that stays inside the project."""
    return [link for link in _LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """What a link may name behind ``#``, made from headings as forges do it."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> Iterator[tuple[Path, list[str]]]:
    """Arguments of every ``reflexarc`` that a page tells to run."""
    for block in blocks("sh"):
        script = _HEREDOC.sub("", block.text.replace("\\\n", " "))
        for line in script.splitlines():
            if line.startswith("reflexarc "):
                yield block.page, _until_end(shlex.split(line, comments=True)[1:])
    for page in PAGES:
        for command in _INLINE.findall(prose(page)):
            if "…" not in command and "[" not in command and ":" not in command:
                yield page, shlex.split(command)[1:]


def files() -> Iterator[tuple[Path, str]]:
    """Every text file of the project."""
    for folder, folders, names in os.walk(ROOT):
        # Pruned, not only left out: in the folders of a running stack files go while one looks at them.
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.endswith("_cache"))
        for name in sorted(set(names) - NOT_OURS):
            yield from _text(Path(folder) / name)


def _text(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        try:
            yield path, path.read_text()
        except UnicodeDecodeError:
            return


def _until_end(words: list[str]) -> list[str]:
    ends = (at for at, word in enumerate(words) if _ENDS.match(word))
    return words[: next(ends, len(words))]
