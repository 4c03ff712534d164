"""``python -m ops`` is the ``reflexarc`` command."""

from __future__ import annotations

from ops.cli import main

main()
