"""Who may say yes to what somebody has asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.commands.authority import Authority, Case
from streams.guard.answers import same_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config.commands import CommandsConfig


def approvers(config: CommandsConfig, requester: str, vcenter: str) -> Sequence[str]:
    """Names of the people that it was granted to, wherever they have to say it; who has asked is none of them.

    O(people · channels of grants · grants).

    Args:
        config: the section ``commands``.
        requester: who has asked.
        vcenter: where it is to be done.
    """
    authority = Authority.of(config)
    channels = {"", *(channel for grant in config.grants for channel in grant.channels or ())}
    return [
        name
        for name in config.people
        if not same_person(name, requester)
        and any(authority.refusal(Case(name, "approve", vcenter, channel=each)) is None for each in channels)
    ]
