"""The statuses of an alarm of vSphere (``ManagedEntityStatus``)."""

from __future__ import annotations

from typing import Final

RANKS: Final = {"gray": 0, "green": 0, "yellow": 1, "red": 2}
"""How bad each is; gray means that nobody knows."""
