"""A reply address: says itself whose it is and since when, so that every process of the stand-in knows it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

TEAM: Final = "T0001ABCD"
USES: Final = 5
LIFE: Final = 1800.0
"""Seconds that it serves."""

_PATH: Final = re.compile(r"/commands/(T[A-Z0-9]+)/([0-9]+)/([A-Z0-9]+)/([A-Z0-9]+)/([0-9a-f]{32})")


class Hook(NamedTuple):
    """One of a command: workspace, second in which it was given, by whom, where, and what nobody can guess."""

    team: str
    since: int
    user: str
    channel: str
    secret: str

    @property
    def path(self) -> str:
        """Behind the host."""
        return f"/commands/{self.team}/{self.since}/{self.user}/{self.channel}/{self.secret}"

    @classmethod
    def of(cls, path: str) -> Hook | None:
        """The one that has this path; None: there is none."""
        found = _PATH.fullmatch(path)
        return cls(found[1], int(found[2]), *found.group(3, 4, 5)) if found else None

    def closed(self, *, uses: int, now: float) -> str:
        """What Slack says when it serves no more; empty when it does."""
        if now >= self.since + LIFE:
            return "expired_url"
        return "used_url" if uses >= USES else ""
