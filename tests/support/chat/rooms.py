"""Who may speak where, and how often."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Rooms:
    """Channels and their members.

    Args:
        members: by channel.
        bot: the member that speaks.
        every: seconds between two messages to one channel.

    Attributes:
        members: as given.
    """

    def __init__(self, members: Mapping[str, Collection[str]], *, bot: str, every: float) -> None:
        self.members = members
        self._bot = bot
        self._every = every
        self._last: dict[str, float] = {}

    def closed(self, channel: str, user: str) -> str:
        """Why a message of the bot, for all or one person, does not go there; empty when it does."""
        if self._is_person(channel):
            return "channel_not_found" if user else ""
        if channel not in self.members or (channel[:1] != "C" and self._bot not in self.members[channel]):
            return "channel_not_found"
        if self._bot not in self.members[channel]:
            return "not_in_channel"
        return "user_not_in_channel" if user and user not in self.members[channel] else ""

    def pause(self, channel: str, now: float) -> int:
        """Whole seconds to wait before another message; 0: this one may come."""
        left = self._last.get(channel, -math.inf) + self._every - now
        if left > 0:
            return math.ceil(left)
        self._last[channel] = now
        return 0

    def named(self, channel: str) -> tuple[str, str]:
        """Channel and person of what a message names: a direct message has a channel of its own."""
        return (f"D{channel[1:]}", channel) if self._is_person(channel) else (channel, "")

    def _is_person(self, channel: str) -> bool:
        return any(channel in members for members in self.members.values()) and channel != self._bot
