"""Generated blocks of the documentation: ``python -m tests.docs.blocks`` writes them, the tests compare them.

A block stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; everything around it is written by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.docs import commandline, configuration, metrics, topics, verbs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).parents[2]

BLOCKS: Final[Mapping[tuple[str, str], Callable[[], str]]] = {
    ("README.md", "topics"): topics.render,
    ("docs/cli.md", "commands"): commandline.render,
    ("docs/configuration.md", "keys"): configuration.render,
    ("docs/configuration.md", "reserved"): configuration.reserved,
    ("docs/metrics.md", "metrics"): metrics.render,
    ("docs/self-service.md", "verbs"): verbs.render,
}
"""What makes each block, by document and name."""


def marked(name: str) -> re.Pattern[str]:
    """Finds a block with its marks; the first group is what is in it."""
    return re.compile(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", re.DOTALL)


def written(document: str, name: str) -> str:
    """A block as it stands in the document."""
    (block,) = marked(name).findall((ROOT / document).read_text())
    return str(block)


def made(document: str, name: str) -> str:
    """The same block as it should be."""
    return f"\n{BLOCKS[document, name]()}\n\n"


def main() -> None:
    """Write every block anew."""
    for document, name in BLOCKS:
        path = ROOT / document
        block = f"<!-- generated: {name} -->\n{made(document, name)}<!-- end -->"
        path.write_text(marked(name).sub(lambda _, block=block: block, path.read_text()))  # type: ignore[misc]


if __name__ == "__main__":
    main()
