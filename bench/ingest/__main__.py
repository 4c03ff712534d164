"""What ingest costs, part by part: ``python -m bench.ingest [PART [OPTION]...]``, all parts without one.

Each part is a module with a ``main`` that reads ``sys.argv``, and can be run alone.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = ("decode", "sessions", "catchup")


def main() -> None:
    """Run the part that was asked for, or all of them."""
    part, *options = sys.argv[1:] or [""]
    if part and part not in PARTS:
        sys.exit(f"bench: no part {part!r}, but {', '.join(PARTS)}")
    for name in [part] if part else PARTS:
        sys.argv = [f"bench.ingest.{name}", *options]
        import_module(sys.argv[0]).main()


if __name__ == "__main__":
    main()
